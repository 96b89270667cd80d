"""Articles: somebody's own Markdown or LaTeX, in which every relation of every display is a claim or a definition."""
