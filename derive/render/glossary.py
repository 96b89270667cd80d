"""What the parts of rules are called in Chinese: the `called` names of the rulebook."""

from __future__ import annotations

__all__ = ["CALLED"]

CALLED = {
    "Gibbs' inequality": "吉布斯不等式",
    "Weierstrass' product inequality, a union bound": "魏尔斯特拉斯乘积不等式，即并集界",
    "moment generating function": "矩母函数", "the conditional": "条件分布", "the covariance": "协方差",
    "the deviation": "标准差", "the discriminant": "判别式", "the estimated variance": "方差估计",
    "the evidence": "证据", "the evidence lower bound": "证据下界", "the hidden variables": "隐变量",
    "the importance weight": "重要性权重",
    "the initial density": "初始密度", "the joint": "联合分布", "the kernel": "核",
    "the last state's density": "末态密度",
    "the likelihood": "似然", "the log evidence": "对数证据", "the log-likelihood": "对数似然",
    "the marginal": "边缘分布",
    "the maximiser": "最大值点", "the mean": "均值", "the mutual information": "互信息", "the noise": "噪声",
    "the posterior": "后验", "the precision": "精度", "the precision matrix": "精度矩阵", "the prior": "先验",
    "the reconstruction term": "重构项", "the reverse transition": "反向转移", "the sample mean": "样本均值",
    "the transition": "转移", "the variance": "方差",
}  # fmt: skip
