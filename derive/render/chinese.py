"""The fixed words of a page in Chinese: what stands around formulas, and names of what is no rule."""

from __future__ import annotations

__all__ = ["CHINESE", "chinese_name"]

CHINESE = {
    "model": "模型", "needs": "需要", "assumed": "假定", "result": "结果", "for": "对于", "goal": "目标",
    "reached": "已达到", "not reached": "未达到", "not known to be reached": "是否达到未知", "assumes": "假定",
    "rests on": "依据", "worlds": "随机世界", "models": "模型", "derivations": "推导", "when": "条件", "called": "称为",
    "why believed": "误信原因", "broken by": "反例", "source": "出处", "stated in": "所在文件", "tried": "检验",
}  # fmt: skip

_NAMES = {
    "law": "模型的定律", "hypothesis": "由假设", "algebra": "代数恒等变形", "tidy": "化简", "normalise": "归一化",
    "drop-constants": "略去常数", "collect": "合并同类项", "eliminate": "消元", "call": "命名", "definition": "按定义",
    "constants": "略去常数", "induction on t": "对 t 归纳",
}  # fmt: skip


def chinese_name(name: str) -> str:
    """What a tactic or a justification without a rule is called; empty where it has no name of its own."""
    return _NAMES.get(name, "")
