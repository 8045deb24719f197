"""``python -m tests.beside <command …> -- <command …>``: the first runs quietly while the second is shown.

Both have to succeed.
"""

import subprocess
import sys


def main() -> int:
    """The status of the second; of the first, with what it printed, when that one failed."""
    split = sys.argv.index("--")
    quiet = subprocess.Popen(
        ["nice", "-n", "5", *sys.argv[1:split]], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    shown = subprocess.run(sys.argv[split + 1 :], check=False).returncode
    printed, _ = quiet.communicate()
    if quiet.returncode:
        print(f"\n{' '.join(sys.argv[1:split])} failed:\n{printed}")
    return shown or quiet.returncode


if __name__ == "__main__":
    sys.exit(main())
