#!/bin/sh
# Print the Python that the environment is built with, or say in a sentence why there is none.
#
#     sh tools/find_python.sh VENV [PYTHON]
#
# A PYTHON that is named must fit. Without one, the Python of an existing VENV stays, so that a
# changed PATH rebuilds nothing; then the newest on PATH is taken.

venv=$1
asked=$2

# Exit 0: fits; 10: other version; 11: no venv. Anything else: cannot be run (a stub, say).
probe='import sys
if not (3, 11) <= sys.version_info[:2] <= (3, 14): sys.exit(10)
try: import ensurepip, venv
except ImportError: sys.exit(11)'

version_of() {
    "$1" -c 'import sys; print(".".join(str(part) for part in sys.version_info[:3]))'
}

no_venv() {
    echo "$1 is Python $(version_of "$1") without its venv module: install that (on Debian and" \
        "Ubuntu: sudo apt install python3-venv) and run the command again." >&2
    exit 1
}

if [ -n "$asked" ]; then
    "$asked" -c "$probe" 2>/dev/null
    case $? in
        0) echo "$asked" ;;
        10) echo "PYTHON=$asked is Python $(version_of "$asked"), but the course needs Python" \
            "3.11 to 3.14." >&2; exit 1 ;;
        11) no_venv "$asked" ;;
        *) echo "PYTHON=$asked cannot be run: name a Python 3.11 to 3.14." >&2; exit 1 ;;
    esac
    exit
fi

lacking=
found=
for name in "$venv/bin/python" python3.14 python3.13 python3.12 python3.11 python3 python; do
    "$name" -c "$probe" 2>/dev/null
    case $? in
        0) echo "$name"; exit ;;
        10) found=${found:-"$name is $(version_of "$name")"} ;;
        11) lacking=${lacking:-$name} ;;
    esac
done

[ -n "$lacking" ] && no_venv "$lacking"
echo "The course needs Python 3.11 to 3.14, and none was found${found:+ ($found)}: install one from" \
    "python.org or your system's packages, or name it, as in: make lab PYTHON=/path/to/python3.13" >&2
exit 1
