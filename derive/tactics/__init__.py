"""Tactics: code that proposes kernel steps. None is trusted; each step goes through the kernel like any other."""
