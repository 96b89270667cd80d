"""`derive completion`: a completion script for the shell, made from the parser, so that it cannot fall behind."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from derive.cli.output import Output

SUMMARY = "print a completion script for a shell"
EXAMPLE = """
derive completion bash >> ~/.bashrc
derive completion zsh > "${fpath[1]}/_derive"
derive completion fish > ~/.config/fish/completions/derive.fish
"""
TAKES_LATEX = False

_NAMED = ("show", "export", "verify")
"""The commands whose argument is a name that `derive list` prints."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The shell."""
    parser.add_argument("shell", choices=("bash", "zsh", "fish"))


def run(options: argparse.Namespace, out: Output) -> int:
    """Prints the script."""
    out.raw({"bash": _bash, "zsh": _zsh, "fish": _fish}[options.shell](_commands()))
    return 0


def _commands() -> dict[str, tuple[str, tuple[str, ...]]]:
    """Each command's summary and its long options."""
    from derive.cli.parser import COMMANDS, _module, build

    found = {}
    for action in build()._actions:
        if not isinstance(action, argparse._SubParsersAction):
            continue
        for name in COMMANDS:
            shown = [a for a in action.choices[name]._actions if a.help != argparse.SUPPRESS]
            options = [word for a in shown for word in a.option_strings if word.startswith("--")]
            found[name] = (_module(name).SUMMARY, tuple(options))
    return found


def _bash(commands: dict[str, tuple[str, tuple[str, ...]]]) -> str:
    cases = "\n".join(f'        {name}) words="{" ".join(options)}" ;;' for name, (_, options) in commands.items())
    return f"""\
# derive: completion for bash
_derive() {{
    local current="${{COMP_WORDS[COMP_CWORD]}}" command="${{COMP_WORDS[1]}}" words=""
    if [ "$COMP_CWORD" -eq 1 ]; then
        COMPREPLY=($(compgen -W "{" ".join(commands)} --help --version" -- "$current"))
        return
    fi
    case "$command" in
{cases}
    esac
    case "$command" in
        {"|".join(_NAMED)}) words="$words $(derive list --names 2>/dev/null)" ;;
        rules) words="$words $(derive rules --names 2>/dev/null)" ;;
    esac
    COMPREPLY=($(compgen -W "$words" -- "$current") $(compgen -f -- "$current"))
}}
complete -F _derive derive
"""


def _zsh(commands: dict[str, tuple[str, tuple[str, ...]]]) -> str:
    listed = "\n".join(f"        '{name}:{summary}'" for name, (summary, _) in commands.items())
    cases = "\n".join(f"        {name}) options=({' '.join(options)}) ;;" for name, (_, options) in commands.items())
    return f"""\
#compdef derive
# derive: completion for zsh
_derive() {{
    local -a commands options
    commands=(
{listed}
    )
    if (( CURRENT == 2 )); then
        _describe command commands
        return
    fi
    case "$words[2]" in
        {"|".join(_NAMED)}) compadd -- ${{(f)"$(derive list --names 2>/dev/null)"}} ;;
        rules) compadd -- ${{(f)"$(derive rules --names 2>/dev/null)"}} ;;
    esac
    local command="$words[2]"
    case "$command" in
{cases}
    esac
    compadd -- $options
    _files
}}
_derive "$@"
"""


def _fish(commands: dict[str, tuple[str, tuple[str, ...]]]) -> str:
    lines = ["# derive: completion for fish", "complete -c derive -n __fish_use_subcommand -f"]
    for name, (summary, options) in commands.items():
        lines.append(f"complete -c derive -n __fish_use_subcommand -f -a {name} -d '{summary}'")
        lines += [f"complete -c derive -n '__fish_seen_subcommand_from {name}' -l {word[2:]}" for word in options]
    seen = " ".join(_NAMED)
    lines.append(f"complete -c derive -n '__fish_seen_subcommand_from {seen}' -a '(derive list --names)'")
    lines.append("complete -c derive -n '__fish_seen_subcommand_from rules' -a '(derive rules --names)'")
    return "\n".join(lines) + "\n"
