"""The fixed words of a page in Chinese: around formulas and in them, how a condition was met, what is no rule."""

from __future__ import annotations

import re

from derive.render.chinese_worlds import TRIED, WORLDS
from derive.render.glossary import CALLED

__all__ = ["CHINESE", "called_in_chinese", "chinese_name", "formula_in_chinese", "in_chinese"]

CHINESE = {
    "model": "模型", "needs": "需要", "assumed": "假定", "result": "结果", "for": "对于", "goal": "目标",
    "reached": "已达到", "not reached": "未达到", "not known to be reached": "是否达到未知", "assumes": "假定",
    "not settled": "未定",
    "rests on": "依据", "worlds": "随机世界", "models": "模型", "derivations": "推导", "when": "条件", "called": "称为",
    "why believed": "误信原因", "broken by": "反例", "source": "出处", "stated in": "所在文件", "tried": "检验",
    "backward": "反向", "base": "归纳基础", "step": "归纳步骤", "given": "已知", "fallacy": "谬误",
    "derive show NAME shows one; derive rules lists the rulebook.":
        "derive show 名称：显示一个推导；derive rules：列出规则书。",
    # how a condition was met
    "certified by its sign": "由符号确定", "index range": "下标范围", "distinct indices": "下标互异",
    "every factor of the law is positive": "分布的每个因子都为正", "a polynomial": "多项式",
    "a point of R^d": "R^d 中的点", "made of positive definite matrices": "由正定矩阵构成",
    "the covariance of a density that is given": "已给出的密度的协方差",
    "the variance of a density that is given": "已给出的密度的方差",
    "d-separated in the model": "在模型中 d-分离",
    "the mean of what is positive": "正量的均值", "the exponential of a falling quadratic": "开口向下的二次式的指数",
    "what is given has positive density": "条件的密度为正", "smooth at its point": "在该点光滑",
    "a power of the point at most, under a Gaussian": "至多是点的幂，在高斯分布下",
    "the mean of a constant": "常数的均值",
    "a ratio of densities": "密度之比", "bounded by a Gaussian likelihood": "被高斯似然控制",
    "a Gaussian bounds the derivative": "导数被高斯控制", "a density": "密度", "a law beside itself": "同一分布",
    "of two Gaussians": "两个高斯之间", "a whole power": "整数次幂",
    "a sum of positive terms": "正项之和",
    "a part of it is probable": "其中一部分有正概率", "nothing is independent of anything": "空集与任何量独立",
    # what a result rests on
    "algebra": "代数", "hypotheses": "假设", "normalisation": "归一化", "dropping constants": "略去常数",
    "what the law starts from is positive, and so is all that follows": "分布的起点为正，其后各项也为正",
    # of rules and models
    "a fallacy: it does not hold": "谬误：不成立",
    "the model claims it; neither proved nor refuted, and nothing here rests on it":
        "模型如此声称；未被证明也未被推翻，这里的结果不依赖它",
    **WORLDS,
}  # fmt: skip

_PATTERNS = (
    (re.compile(r"([^\[\]]+?); ([^\[\]]+)"), "{}；{}"),
    (re.compile(r"induction on (\S+)"), "对 {} 归纳"),
    (re.compile(r"the law (\S+)"), "分布 {}"),
    (re.compile(r"step, given (.+)"), "归纳步骤，已知 {}"),
    (re.compile(r"base, given (.+)"), "归纳基础，已知 {}"),
    *TRIED,
)

_IN_FORMULAS = (
    (re.compile(r" exists for every (.+)$"), r" 对每个 \1 存在"),
    (re.compile(r" exists$"), " 存在"),
    (re.compile(r" exchanges( for every (.+))?$"), " 可交换"),
    (re.compile(r" almost surely under (.+)$"), r" 关于 \1 几乎必然"),
    (re.compile(r" under (\S+)$"), r" 关于 \1"),
    (re.compile(r" for every (.+)$"), r" 对每个 \1"),
    (re.compile(r" have nothing in common$"), " 无公共变量"),
    (re.compile(r"^Lebesgue measure on (.+)$"), r"\1 上的勒贝格测度"),
    (re.compile(r"^counting measure on (.+)$"), r"\1 上的计数测度"),
)
"""What a condition says in words, at its ends."""

_NAMES = {
    "law": "模型的定律", "hypothesis": "由假设", "algebra": "代数恒等变形", "tidy": "化简", "normalise": "归一化",
    "drop-constants": "略去常数", "collect": "合并同类项", "eliminate": "消元", "call": "命名", "definition": "按定义",
    "constants": "略去常数", "linearity": "线性", "differentiate": "求导", "logarithms": "展开对数",
    "ratios": "合并为比值", "moments": "代入矩",
}  # fmt: skip


def in_chinese(words: str) -> str:
    """Fixed words in Chinese; as they are where nobody has said what they are there."""
    if words in CHINESE:
        return CHINESE[words]
    for pattern, said in _PATTERNS:
        if found := pattern.fullmatch(words):
            return said.format(*map(in_chinese, found.groups()))
    return words


def called_in_chinese(name: str) -> str:
    """What a part of a rule is called; empty where nobody has said."""
    return CALLED.get(name, "")


def formula_in_chinese(text: str) -> str:
    """A statement on one line, the words at its ends in Chinese."""
    for pattern, said in _IN_FORMULAS:
        text = pattern.sub(said, text)
    return text


def chinese_name(name: str) -> str:
    """What a tactic or a justification without a rule is called; empty where it has no name of its own."""
    said = _NAMES.get(name) or in_chinese(name)
    return said if said != name else ""
