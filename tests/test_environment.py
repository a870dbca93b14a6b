"""The lists of packages agree, and every module imports only what its room allows."""

import ast
import importlib.util
import json
import re
import socket
import subprocess
import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path
from types import SimpleNamespace

import pytest

import tconv_helpers
from tconv_helpers import server
from tconv_helpers.save_hook import keep_pictures

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "tconv_helpers"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PYTHONS = ["3.11", "3.12", "3.13", "3.14"]


def text(name):
    return (ROOT / name).read_text(encoding="utf-8")


# ---------------------------------------------------------------- the three lists of packages


def requirement(line):
    """Name and bounds of "numpy>=2.3,<3": ("numpy", [(">=", (2, 3)), ("<", (3,))])."""
    name, bounds = re.fullmatch(r"([a-z0-9_-]+)((?:,?(?:>=|<)[\d.]+)+)", line).groups()
    return name, [(sign, version(number)) for sign, number in re.findall(r"(>=|<)([\d.]+)", bounds)]


def version(number):
    return tuple(int(part) for part in number.split("."))


RUNTIME = dict(map(requirement, PROJECT["project"]["dependencies"]))
GROUPS = {
    group: dict(map(requirement, lines)) for group, lines in PROJECT["dependency-groups"].items()
}
FRAMEWORKS = dict(map(requirement, PROJECT["project"]["optional-dependencies"]["frameworks"]))
EVERY = RUNTIME | {name: bounds for group in GROUPS.values() for name, bounds in group.items()}


@cache
def locked():
    """Name → version of each package in requirements.txt."""
    pins = re.findall(r"^([a-z0-9-]+)==(\S+)", text("requirements.txt"), flags=re.M)
    assert len(pins) == len(dict(pins)), "one version for every Python, or stored outputs differ"
    return dict(pins)


@pytest.mark.parametrize("name", EVERY)
def test_the_lock_holds_each_direct_dependency_within_its_range(name):
    pinned = version(locked()[name])
    for sign, bound in EVERY[name]:
        assert pinned >= bound if sign == ">=" else pinned < bound, (name, pinned, sign, bound)


def test_every_line_of_the_lock_is_a_pin_a_hash_or_a_comment():
    hashed = {}
    for line in text("requirements.txt").splitlines():
        if pin := re.fullmatch(r"([a-z0-9-]+)==[\w.]+( ; [^\\]+)? \\", line):
            name = pin[1]
            hashed[name] = 0
        elif re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}( \\)?", line):
            hashed[name] += 1
        else:
            assert line.lstrip().startswith("#"), line
            assert "/" not in line, f"no host and no folder of one machine: {line}"
    assert hashed.keys() == locked().keys()
    assert all(hashed.values())


def test_the_build_backend_is_locked():
    assert {requirement(line)[0] for line in PROJECT["build-system"]["requires"]} == {
        *GROUPS["build"]
    }


def test_conda_gets_the_locked_versions():
    listed, _, by_pip = text("environment.yml").partition("dependencies:\n")[2].partition("- pip:")
    lines = [line.strip(" -") for line in listed.splitlines() if line.strip()]
    pins = dict(line.split("==") for line in lines if "==" in line)
    assert pins == {name: locked()[name] for name in RUNTIME}
    rest = [line for line in lines if "==" not in line]
    pinned = re.fullmatch(r"python=(3\.\d+)\.\d+", rest[0])
    assert pinned and pinned[1] in PYTHONS
    assert rest[1:] == ["pip"]
    assert by_pip.split() == ["-", "-e", "."]


def test_the_supported_pythons_are_the_same_everywhere():
    last = version(PYTHONS[-1])
    assert PROJECT["project"]["requires-python"] == f">={PYTHONS[0]},<{last[0]}.{last[1] + 1}"
    classifiers = " ".join(PROJECT["project"]["classifiers"])
    assert re.findall(r"Python :: (3\.\d+)", classifiers) == PYTHONS
    assert (
        json.loads(re.search(r"python: (\[.*\])", text(".github/workflows/ci.yml"))[1]) == PYTHONS
    )
    script = text("tools/find_python.sh")
    assert f"({PYTHONS[0].replace('.', ', ')}) <=" in script
    assert f"<= ({PYTHONS[-1].replace('.', ', ')})" in script
    assert (
        re.findall(r"python(3\.\d+)", script.partition("for name in")[2].partition("; do")[0])
        == (PYTHONS[::-1])
    )
    for name in ("README.md", "CONTRIBUTING.md"):
        assert re.findall(r"3\.\d+ to 3\.\d+", text(name)) == [f"{PYTHONS[0]} to {PYTHONS[-1]}"]


def test_the_version_is_the_same_everywhere():
    assert f"\nversion: {tconv_helpers.__version__}\n" in text("CITATION.cff")


def test_each_direct_dependency_has_its_reason():
    table = re.findall(r"^\| ([a-z, -]+) \| .+ \|$", text("CONTRIBUTING.md"), flags=re.M)
    assert sorted(", ".join(table).split(", ")) == sorted(EVERY)


# ---------------------------------------------------------------- what is imported


def imports(tree):
    """Every module that the code names, with whether the import stands outside all functions."""
    inside = {
        id(node)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for node in ast.walk(function)
    }
    for node in ast.walk(tree):
        at_top = id(node) not in inside
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, at_top
        elif isinstance(node, ast.ImportFrom):
            # "from . import x" and "from package import x" may each name a module x.
            base = "." * node.level + (node.module or "")
            for alias in node.names:
                yield f"{base}{'' if base.endswith('.') else '.'}{alias.name}", at_top


def modules():
    """Name within the package → path. draw/cells.py is "draw.cells", a folder its __init__."""
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        yield ".".join(parts[:-1] if len(parts) > 1 and parts[-1] == "__init__" else parts), path


def rooms_and_packages(path):
    """The rooms (own modules at the top of the package) and the other packages that a file imports.

    Returns two sets; the second holds (package, at top of the file) without the standard library.
    """
    here = ("tconv_helpers", *path.relative_to(PACKAGE).parts[:-1])
    own, foreign = set(), set()
    for name, at_top in imports(ast.parse(path.read_text(encoding="utf-8"))):
        level = len(name) - len(name.lstrip("."))
        parts = name.lstrip(".").split(".")
        if level:
            parts = [*here[: len(here) - level + 1], *parts]
        if parts[0] == "tconv_helpers":
            own.add(parts[1])
        elif parts[0] not in sys.stdlib_module_names:
            foreign.add((parts[0], at_top))
    return own, foreign


COMPUTE = {"ops", "sizes", "artifacts", "upsample", "frameworks", "architectures"}
WIDGETS = {"ipywidgets", "anywidget", "traitlets", "numpy"}
# Room → the own rooms and the packages that it may import. It changes with the design, not before.
MAY_IMPORT = {
    "__init__": (set(), set()),
    "_arguments": (set(), {"numpy"}),
    "_geometry": (set(), {"numpy"}),
    "kernels": ({"_geometry", "_layers"}, {"numpy"}),
    "_matrix": ({"_geometry"}, {"numpy"}),
    "sizes": ({"_arguments"}, {"numpy"}),
    "_layers": ({"_arguments", "sizes"}, set()),
    "_calls": ({"_arguments", "_layers", "kernels"}, {"numpy"}),
    "ops": ({"_arguments", "_calls", "_geometry", "_layers", "_matrix"}, {"numpy"}),
    "artifacts": ({"_arguments", "ops"}, {"numpy"}),
    "upsample": ({"_arguments", "ops"}, {"numpy"}),
    "_programs": ({"_arguments"}, set()),
    "frameworks": ({"_arguments", "_programs", "sizes"}, {"numpy"}),
    "architectures": ({"_arguments", "artifacts", "ops", "sizes", "upsample"}, {"numpy"}),
    "exercises": ({"artifacts", "upsample"} | COMPUTE, {"numpy"}),
    "theme": (set(), {"matplotlib"}),
    "picture": ({"theme"}, {"matplotlib", "PIL", "numpy"}),
    "draw": ({"_arguments", "picture", "theme"} | COMPUTE, {"matplotlib", "numpy"}),
    "film": ({"_arguments", "draw", "sizes"}, {"PIL", "numpy"}),
    "widgets": ({"draw", "picture", "theme"} | COMPUTE, WIDGETS | {"IPython"}),
    "explorer": ({"_arguments", "_presets", "draw", "picture", "theme"} | COMPUTE, WIDGETS),
    "_presets": (set(), set()),
    "designer": ({"_arguments", "draw", "picture", "theme"} | COMPUTE, WIDGETS),
    "save_hook": (set(), set()),
    "server": ({"save_hook"}, set()),
}
# scipy enters only inside the one function that returns a sparse matrix, a framework only inside
# the function that asks it.
INSIDE_A_FUNCTION = {
    "ops": {"scipy"},
    "frameworks": {"torch", "keras", "jax", "onnx", "onnxruntime"},
}


@pytest.mark.parametrize("name, path", list(modules()))
def test_a_module_imports_only_what_its_room_may(name, path):
    room = name.split(".")[0]
    assert room in MAY_IMPORT, f"{name}: say in MAY_IMPORT which room this is"
    own, packages = MAY_IMPORT[room]
    own_found, found = rooms_and_packages(path)
    assert own_found <= own | {room}
    lazy = INSIDE_A_FUNCTION.get(room, set())
    assert found <= {(package, where) for package in packages for where in (True, False)} | {
        (package, False) for package in lazy
    }


def loaded_by(statement):
    """The modules that a fresh Python has loaded after the statement."""
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); {statement}; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return set(run.stdout.split())


HEAVY = {"numpy", "scipy", "matplotlib", "PIL", "ipywidgets", "anywidget", "traitlets", "IPython"}
COMES_WITH = {  # what a package loads of itself
    "matplotlib": {"PIL", "numpy"},
    "anywidget": {"ipywidgets", "traitlets", "IPython"},
    "ipywidgets": {"traitlets", "IPython"},
}


def may_load(room, seen=()):
    """Every heavy package that importing the room may load, through all that it imports."""
    own, packages = MAY_IMPORT[room]
    allowed = packages.union(*(COMES_WITH.get(package, set()) for package in packages))
    for other in own - {room, *seen}:
        allowed |= may_load(other, (*seen, room, *own))
    return allowed


@pytest.mark.parametrize(
    "room", sorted({name.split(".")[0] for name, _ in modules()} - {"__init__"})
)
def test_a_room_loads_only_what_it_needs(room):
    loaded = loaded_by(f"import tconv_helpers.{room}")
    assert loaded & HEAVY <= may_load(room)
    assert "matplotlib.pyplot" not in loaded
    assert "scipy" not in loaded


def test_the_package_itself_imports_nothing():
    before, after = loaded_by("pass"), loaded_by("import tconv_helpers")
    assert after - before == {"tconv_helpers"}


def notebook_code(path):
    """The Python of a notebook's code cells."""
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            yield "".join(cell["source"])


def sources():
    """(label, source, the dependencies it may use) of all that a reader or a test runs."""
    for name, path in modules():
        allowed = RUNTIME | FRAMEWORKS if name == "frameworks" else RUNTIME
        yield f"tconv_helpers.{name}", path.read_text(encoding="utf-8"), allowed
    for path in sorted((ROOT / "notebooks").rglob("*.py")):
        yield path.name, path.read_text(encoding="utf-8"), RUNTIME
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        yield path.name, "\n".join(notebook_code(path)), RUNTIME
    for path in sorted((ROOT / "tests").rglob("*.py")):
        allowed = RUNTIME | GROUPS["test"]
        if path.parent.name == "frameworks":
            allowed |= FRAMEWORKS
        yield path.name, path.read_text(encoding="utf-8"), allowed


def test_everything_imported_is_a_declared_dependency():
    here = [path for folder in ("tests", "tools") for path in (ROOT / folder).rglob("*.py")]
    own = {"tconv_helpers", "publish"} | {path.stem for path in here}  # docs/site/publish
    provided = packages_distributions()
    undeclared = []
    for label, source, declared in sources():
        for name, _ in imports(ast.parse(source)):
            top = name.split(".")[0]
            if top and top not in sys.stdlib_module_names and top not in own:
                distributions = {dist.lower() for dist in provided.get(top, [top])}
                if not distributions & declared.keys():
                    undeclared.append(f"{label} imports {top}")
    assert not undeclared


def test_the_readme_lists_every_chapter_with_its_own_question_and_minutes():
    rows = []
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        opening = "".join(json.loads(path.read_text(encoding="utf-8"))["cells"][0]["source"])
        question, minutes = re.search(r"^# (.+?)\n.*\*\*Minutes\*\* (\d+)", opening, re.S).groups()
        rows.append(f"| [{path.stem}](notebooks/{path.name}) | {question} | {minutes} |")
    assert re.findall(r"^\| \[.*\|$", text("README.md"), flags=re.M) == rows


# ---------------------------------------------------------------- public addresses


def test_readme_and_citation_hold_the_addresses_of_pyproject(tmp_path):
    for name in ("pyproject.toml", "README.md", "CITATION.cff"):
        (tmp_path / name).write_text(text(name), encoding="utf-8")
    tool("set_addresses").main(tmp_path)
    for name in ("README.md", "CITATION.cff"):
        assert (tmp_path / name).read_text(encoding="utf-8") == text(name), "run make addresses"


FAR = "https://code.example/group/course.git"


@pytest.mark.parametrize(
    ("repository", "place"),
    [
        ("https://github.com/someone/course", "gh/someone/course"),
        ("https://gitlab.com/group/sub/course", "gl/group%2Fsub%2Fcourse"),
        (FAR, f"git/{FAR.replace(':', '%3A').replace('/', '%2F')}"),
    ],
)
def test_an_address_reaches_the_badge_and_goes_away_again(tmp_path, repository, place):
    bare = {name: text(name) for name in ("pyproject.toml", "README.md", "CITATION.cff")}
    for name, words in bare.items():
        (tmp_path / name).write_text(words, encoding="utf-8")
    urls = (
        f'[project.urls]\nRepository = "{repository}"\nDocumentation = "https://book.example"\n\n'
    )
    table = bare["pyproject.toml"].replace("[dependency-groups]", urls + "[dependency-groups]")
    (tmp_path / "pyproject.toml").write_text(table, encoding="utf-8")
    addresses = tool("set_addresses")
    addresses.main(tmp_path)
    readme = (tmp_path / "README.md").read_text(encoding="utf-8")
    start = "lab%2Ftree%2Fnotebooks%2F00-start-here.ipynb"
    assert f"(https://mybinder.org/v2/{place}/main?urlpath={start})" in readme
    assert "(https://book.example)" in readme
    assert f'repository-code: "{repository}"' in (tmp_path / "CITATION.cff").read_text()
    addresses.main(tmp_path)
    assert (tmp_path / "README.md").read_text(encoding="utf-8") == readme  # twice is once
    (tmp_path / "pyproject.toml").write_text(bare["pyproject.toml"], encoding="utf-8")
    addresses.main(tmp_path)
    for name, words in bare.items():
        assert (tmp_path / name).read_text(encoding="utf-8") == words


# ---------------------------------------------------------------- the save hook on the server


def test_the_server_extension_registers_the_save_hook():
    config = json.loads(text("jupyter-config/tconv_helpers.json"))
    assert config["ServerApp"]["jpserver_extensions"] == {server.__name__: True}
    assert server._jupyter_server_extension_points() == [{"module": server.__name__}]
    hooks = []
    manager = SimpleNamespace(register_pre_save_hook=hooks.append)
    web_app = SimpleNamespace(settings={})
    server._load_jupyter_server_extension(
        SimpleNamespace(contents_manager=manager, web_app=web_app)
    )
    assert hooks == [keep_pictures]


def test_jupyterlab_neither_asks_about_news_nor_looks_for_updates():
    name = "default_setting_overrides.json"  # jupyterlab_server looks for it in this folder
    installed = Path(sys.prefix, "etc/jupyter/labconfig", name).read_text(encoding="utf-8")
    assert installed == text(f"jupyter-config/{name}")
    settings = json.loads(installed)["@jupyterlab/apputils-extension:notification"]
    assert settings == {"checkForUpdates": False, "fetchNews": "false"}


# ---------------------------------------------------------------- making the environment


def tool(name):
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def find_python(folder, *arguments):
    run = subprocess.run(
        ["/bin/sh", str(ROOT / "tools/find_python.sh"), *map(str, arguments)],
        capture_output=True,
        text=True,
        env={"PATH": str(folder)},
    )
    return run.returncode, run.stdout.strip(), run.stderr.strip()


def fake_python(path, answer, number):
    """A program that answers the probe with an exit code and otherwise prints its version."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'#!/bin/sh\ncase "$2" in *ensurepip*) exit {answer};; esac\necho {number}\n')
    path.chmod(0o755)


def test_the_newest_python_is_taken_and_a_made_environment_keeps_its_own(tmp_path):
    for name in ("python3.12", "python3.13", "python3"):
        fake_python(tmp_path / name, 0, "3.13.1")
    fake_python(tmp_path / "python3.14", 127, "a stub that cannot run")
    assert find_python(tmp_path, "no-venv") == (0, "python3.13", "")
    venv = tmp_path / "a folder" / "venv"
    fake_python(venv / "bin/python", 0, "3.12.1")
    assert find_python(tmp_path, venv) == (0, f"{venv}/bin/python", "")
    assert find_python(tmp_path, venv, "python3") == (0, "python3", "")


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize(
    "answer, words",
    [(10, ["3.9.1", "3.11 to 3.14"]), (11, ["3.9.1", "venv", "apt install python3-venv"])],
)
def test_a_python_that_does_not_do_is_told_in_a_sentence(tmp_path, named, answer, words):
    fake_python(tmp_path / "python3", answer, "3.9.1")
    code, said, told = find_python(tmp_path, "no-venv", *(["python3"] if named else []))
    assert (code, said) == (1, "")
    assert len(told.splitlines()) == 1
    assert all(word in told for word in words)


def test_no_python_at_all_is_told_in_a_sentence(tmp_path):
    code, said, told = find_python(tmp_path, "no-venv")
    assert (code, said) == (1, "")
    assert "none was found" in told and "PYTHON=" in told
    code, said, told = find_python(tmp_path, "no-venv", "python9")
    assert (code, said) == (1, "")
    assert "PYTHON=python9 cannot be run" in told


@pytest.fixture
def setup_env(monkeypatch, tmp_path):
    """tools/setup_env.py with its two slow steps written down instead of taken."""
    module = tool("setup_env")
    lock = tmp_path / "requirements.txt"
    lock.write_text("numpy==1 \\\n")
    steps = []

    def make_venv(venv):
        steps.append("venv")
        venv.mkdir(exist_ok=True)
        (venv / "tconv_helpers.json").unlink(missing_ok=True)

    def pip(venv, *arguments):
        steps.append("lock" if "--require-hashes" in arguments else "package")
        if module.trouble:
            raise module.trouble

    def run():
        steps.clear()
        module.main()
        return steps

    monkeypatch.setattr(module, "LOCK", lock)
    monkeypatch.setattr(module, "make_venv", make_venv)
    monkeypatch.setattr(module, "pip", pip)
    monkeypatch.setattr(sys, "argv", ["setup_env.py", str(tmp_path / "venv")])
    module.trouble, module.run = None, run
    return module


def test_a_second_set_up_does_nothing_and_a_change_only_what_it_asks_for(setup_env, monkeypatch):
    assert setup_env.run() == ["venv", "lock", "package"]
    assert setup_env.run() == []
    setup_env.LOCK.write_text("numpy==2 \\\n")
    assert setup_env.run() == ["lock", "package"]
    monkeypatch.setattr(setup_env, "PROJECT", [setup_env.LOCK])
    assert setup_env.run() == ["package"]
    monkeypatch.setattr(sys, "version", "3.99")
    assert setup_env.run() == ["venv", "lock", "package"]
    assert setup_env.run() == []


def test_a_set_up_that_was_cut_short_is_made_anew(setup_env):
    setup_env.run()
    setup_env.LOCK.write_text("numpy==2 \\\n")
    setup_env.trouble = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        setup_env.run()
    setup_env.trouble = None
    assert setup_env.run() == ["venv", "lock", "package"]


def test_a_set_up_that_failed_keeps_what_was_complete(setup_env):
    setup_env.run()
    before = setup_env.LOCK.read_text()
    setup_env.LOCK.write_text("numpy==2 \\\n")
    setup_env.trouble = setup_env.Failure("no way")
    with pytest.raises(SystemExit, match=r"^The installation stopped: no way\.$"):
        setup_env.run()
    setup_env.trouble = None
    setup_env.LOCK.write_text(before)
    assert setup_env.run() == []


@pytest.mark.parametrize(
    "said, sentence",
    [
        ("WARNING: Retrying (Retry(total=4, …\nERROR: No matching distribution", "internet"),
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM …", "not the one in requirements.txt"),
        ("much\nERROR: Something else.\nmore", "Something else (all that pip said is in a.log)"),
    ],
)
def test_what_stops_pip_is_told_in_a_sentence(said, sentence):
    assert sentence in tool("setup_env").reason(said, "a.log")


def test_a_folder_that_is_no_environment_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("irreplaceable")
    with pytest.raises(SystemExit, match="is not a Python environment"):
        tool("setup_env").make_venv(tmp_path)
    assert (tmp_path / "thesis.txt").read_text() == "irreplaceable"


def test_a_busy_port_is_told_and_the_next_one_taken(capsys):
    lab = tool("start_lab")
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        taken = lab.free_port(port)
    assert port < taken < port + lab.TRIES
    assert capsys.readouterr().out == f"Port {port} is busy, so JupyterLab takes port {taken}.\n"
    assert lab.free_port(taken) == taken
    assert capsys.readouterr().out == ""


def test_without_a_display_no_browser_is_tried(monkeypatch):
    lab = tool("start_lab")
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME"):
        monkeypatch.delenv(name, raising=False)
    assert not lab.has_display()
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert lab.has_display()
