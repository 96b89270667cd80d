"""What a step may use and when its conditions hold: contexts, the discharge of conditions, citing what was derived."""
