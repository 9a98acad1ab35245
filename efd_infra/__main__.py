"""`python -m efd_infra COMMAND`: the commands around the program, by their names.

Each is a package of its own beside this one, and can be called as such: `python -m COMMAND`.
"""

import runpy
import sys

COMMANDS = {
    "archive": "check or make the bucket of a site's archive",
    "backend": "check or make the bucket in which state is kept",
    "drift": "name what differs in a cluster from what was deployed, and take it back",
    "names": "check or write the names that a site publishes in Route 53",
    "pages": "write the documents that are made from the site files",
    "policy": "judge the objects of every site by the rules and by kube-score",
    "rendering": "print everything that the program would register",
    "report": "turn previews into one comment on a pull request",
    "restore": "put a backup back",
    "sandbox": "make, list, extend and end sandboxes",
    "verify": "ask a deployed site from outside if it is as planned",
}
"""What each is for."""


def main() -> None:
    """Run the command that is named first, with what follows as its arguments."""
    name = sys.argv[1] if len(sys.argv) > 1 else ""
    if name not in COMMANDS:
        width = max(map(len, COMMANDS))
        listed = "".join(f"  {command:<{width}}  {what}\n" for command, what in COMMANDS.items())
        wrong = f"error: there is no command {name!r}\n" if name not in ("", "-h", "--help") else ""
        sys.stderr.write(f"{wrong}usage: python -m efd_infra COMMAND …\n{listed}")
        sys.exit(2 if wrong or not name else 0)
    del sys.argv[0]
    runpy.run_module(name, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
