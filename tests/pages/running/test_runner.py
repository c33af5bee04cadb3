"""What becomes of a page's blocks, run in a process of their own."""

import ctypes
import itertools
import os
import re
import subprocess
import sys
import types
from pathlib import Path

import pytest

from tf2docs.pages.errors import SetupError
from tf2docs.pages.running import capturing
from tf2docs.pages.running.jobs import Frame, Job, Step
from tf2docs.pages.running.runner import Runner, _end_group


@pytest.fixture(scope="module")
def runner():
    return Runner()


@pytest.fixture
def run(runner, tmp_path):
    """Run blocks of code, each a text or a text and its options.

    The first fence stands on line 3.
    """

    numbers = itertools.count()

    def run(*blocks, time_limit=20.0, **job):
        steps, lines = [], []
        for block in blocks:
            code, options = block if isinstance(block, tuple) else (block, {})
            lines += [""] * 3
            steps.append(Step(f"{code}\n", len(lines), **options))
            lines += [
                "" if options.get("raises") == "SyntaxError" else line for line in code.split("\n")
            ]
        run.folder = tmp_path / str(next(numbers))
        run.folder.mkdir()
        tangled = run.folder / "page.py"
        tangled.write_text("\n".join(lines) + "\n", encoding="utf-8")
        runner.time_limit = time_limit
        return runner.run(Job("page", tuple(steps), tangled, run.folder, **job))

    return run


def statuses(run):
    return [outcome.status for outcome in run.outcomes]


def test_blocks_run_in_order_in_one_namespace(run):
    ran = run("x = 1", "x += 1\nprint(x)", "print(x * 2)")
    assert statuses(ran) == ["ran", "ran", "ran"]
    assert [outcome.printed for outcome in ran.outcomes] == ["", "2\n", "4\n"]
    assert ran.complete
    assert ran.device == "CPU"
    assert ran.versions["python"].count(".") == 2


def test_what_is_printed_names_no_folder_of_this_machine(run):
    ran = run(
        "import yaml\nprint(yaml.__file__)",
        "print(__file__)",
        ("from yaml import nothing", {"raises": "ImportError"}),
        "import sys, traceback\ntraceback.print_stack(file=sys.stdout)",
    )
    first, second, third, stack = (outcome.printed for outcome in ran.outcomes)
    assert first == ".../yaml/__init__.py\n"
    assert second == ".../page.py\n"
    assert third.endswith("(.../yaml/__init__.py)\n")
    files = re.findall('File "(.*?)"', stack)
    assert {".../page.py", ".../tf2docs/pages/running/child.py"} <= set(files)
    assert all(file.startswith(("...", "<")) for file in files), files


def test_a_long_error_is_cut_after_the_folders_of_this_machine_were_left_out(run):
    ran = run(("raise ValueError(__file__ * 1000)", {"raises": "ValueError"}))
    assert ran.outcomes[0].printed == f"{('ValueError: ' + '.../page.py' * 1000)[:4000]}…\n"


def test_a_page_without_blocks_runs(run):
    ran = run()
    assert (ran.outcomes, ran.complete, ran.device) == ([], True, "CPU")


def test_two_pages_share_nothing(run):
    assert run("import sys\nsys.shared = x = 1").complete
    ran = run("import sys\nprint('x' in dir(), hasattr(sys, 'shared'))")
    assert ran.outcomes[0].printed == "False False\n"


def test_a_page_finds_none_of_what_pytest_imported(run):
    ran = run("import sys\nprint('pytest' in sys.modules)")
    assert ran.outcomes[0].printed == "False\n"


def test_an_exception_leaves_the_blocks_behind_it_not_run(run):
    ran = run("print('before')", "print('in')\n1 / 0", "print('behind')", "print('behind')")
    assert statuses(ran) == ["ran", "failed", "not run", "not run"]
    assert [outcome.reason for outcome in ran.outcomes] == [
        "",
        "ZeroDivisionError: division by zero",
        "block 2 failed",
        "block 2 failed",
    ]
    assert [outcome.printed for outcome in ran.outcomes] == ["before\n", "in\n", "", ""]
    assert not ran.complete


def test_blocks_may_be_skipped_with_a_reason(run):
    ran = run(
        ("x = 1", {"skip_reason": "slow"}), ("x = 2", {"needs_gpu": True}), "print('x' in dir())"
    )
    assert statuses(ran) == ["skipped", "skipped", "ran"]
    assert [outcome.reason for outcome in ran.outcomes] == ["slow", "needs a GPU", ""]
    assert ran.outcomes[2].printed == "False\n"
    assert ran.complete


@pytest.mark.parametrize("name", ["ZeroDivisionError", "ArithmeticError", "Exception"])
def test_an_exception_that_was_meant_or_a_subclass_is_printed(run, name):
    ran = run(("print('a')\n1 / 0", {"raises": name}), "print('behind')")
    assert statuses(ran) == ["ran", "ran"]
    assert ran.outcomes[0].printed == "a\nZeroDivisionError: division by zero\n"


def test_an_exception_class_of_the_page_may_be_meant(run):
    ran = run(("class Odd(ValueError): ...\nraise Odd('x', 1)", {"raises": "Odd"}))
    assert ran.outcomes[0].printed == "Odd: ('x', 1)\n"


def test_an_expected_error_is_shown_without_its_colours(run):
    ran = run(("raise ValueError('\\x1b[1mbold\\x1b[0m')", {"raises": "ValueError"}))
    assert ran.outcomes[0].printed == "ValueError: bold\n"


def test_another_exception_than_was_meant_is_a_failure(run):
    ran = run(("1 / 0", {"raises": "ValueError"}), "x")
    assert statuses(ran) == ["failed", "not run"]
    assert ran.outcomes[0].reason == "ZeroDivisionError: division by zero"


def test_no_exception_where_one_was_meant_is_a_failure(run):
    ran = run(("print('fine')", {"raises": "ValueError"}))
    assert statuses(ran) == ["failed"]
    assert (
        ran.outcomes[0].reason
        == "the page says that this raises ValueError, but nothing was raised"
    )


def test_a_syntax_error_may_be_meant(run):
    ran = run(("x =", {"raises": "SyntaxError"}), "print('behind')")
    assert statuses(ran) == ["ran", "ran"]
    assert ran.outcomes[0].printed.startswith("SyntaxError: invalid syntax")


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("import sys\nsys.exit()", "SystemExit"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
    ],
)
def test_leaving_python_is_a_failure_like_another(run, code, reason):
    ran = run(code, "x")
    assert statuses(ran) == ["failed", "not run"]
    assert ran.outcomes[0].reason == reason
    assert ran.device == "CPU"


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("import os\nos._exit(3)", "the process died (exit code 3)"),
        ("import os\nos.kill(os.getpid(), 11)", "the process died (signal SIGSEGV)"),
        ("import os\nos.abort()", "the process died (signal SIGABRT)"),
    ],
)
def test_a_process_that_dies_is_reported(run, code, reason):
    ran = run("print(1)", code, "x", "y")
    assert statuses(ran) == ["ran", "failed", "not run", "not run"]
    assert ran.outcomes[1].reason == reason
    assert ran.outcomes[3].reason == "block 2 failed"


def test_the_time_limit_is_one_blocks_not_the_pages(run):
    wait = "import time\ntime.sleep(0.3)"
    ran = run(wait, wait, wait, wait, time_limit=0.9)
    assert statuses(ran) == ["ran"] * 4
    assert ran.seconds == pytest.approx(1.2, abs=0.3)


def test_after_a_page_that_died_the_next_one_runs(run):
    assert not run("import os\nos._exit(1)").complete
    assert run("print('fine')").outcomes[0].printed == "fine\n"


@pytest.mark.parametrize("end", ["os._exit(1)", "time.sleep(9)"])
def test_what_a_block_wrote_before_it_was_ended_is_kept(run, end):
    ran = run(f"import os, time\nprint('before')\nos.write(2, b'and why')\n{end}", time_limit=0.5)
    assert (ran.outcomes[0].printed, ran.outcomes[0].errors) == ("before\n", "and why\n")


@pytest.mark.parametrize(
    "damage", ["sys.stdout = None", "sys.stdout.close()", "sys.stderr.close()"]
)
def test_a_block_that_breaks_its_streams_harms_no_other(run, damage):
    ran = run(f"import sys\nprint('a')\n{damage}", "print('b')")
    assert [outcome.printed for outcome in ran.outcomes] == ["a\n", "b\n"]


def test_expressions_have_values_or_mistakes(run):
    expressions = ("n", "n * 1.5", "word", "n > 2", "rows", "nothing", "n / 0", "n +", "exit(1)")
    ran = run(("n, word, rows = 3, 'a', [1]", {"expressions": expressions}))
    (outcome,) = ran.outcomes
    assert outcome.values == {"n": 3, "n * 1.5": 4.5, "word": "a", "n > 2": True}
    assert outcome.mistakes["rows"] == "TypeError: it is a list; bind a number"
    assert outcome.mistakes["nothing"] == "NameError: name 'nothing' is not defined"
    assert outcome.mistakes["n / 0"] == "ZeroDivisionError: division by zero"
    assert "SyntaxError" in outcome.mistakes["n +"]
    assert outcome.mistakes["exit(1)"] == "SystemExit: 1"
    assert outcome.status == "ran"
    assert not ran.complete


def test_a_number_of_the_pages_own_type_is_a_plain_number(run):
    ran = run(("class N(int): pass\nn = N(3)", {"expressions": ("n",)}))
    assert ran.outcomes[0].values == {"n": 3}


@pytest.mark.parametrize("value", ["'x' * 10_000", "10 ** 5_000"])
def test_a_value_that_no_sentence_holds_is_a_mistake(run, value):
    ran = run((f"x = {value}", {"expressions": ("x",)}))
    assert ran.outcomes[0].mistakes == {"x": "ValueError: it is too long to stand in a sentence"}


def test_a_text_of_the_pages_own_type_is_a_plain_text(run):
    ran = run(
        (
            "class S(str):\n    def __str__(self):\n        return self\ns = S('a')",
            {"expressions": ("s",)},
        )
    )
    assert (ran.outcomes[0].values, type(ran.outcomes[0].values["s"])) == ({"s": "a"}, str)


def test_where_there_are_no_sessions_what_a_page_started_is_ended_by_the_systems_own_command(
    monkeypatch,
):
    called = []
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(subprocess, "run", lambda command, **options: called.append(command))
    _end_group(types.SimpleNamespace(pid=123))
    assert called == [["taskkill", "/F", "/T", "/PID", "123"]]


def test_a_library_without_a_name_has_no_buffers_of_its_own(monkeypatch, tmp_path):
    def raises(name):
        raise TypeError("argument of type 'NoneType' is not iterable")  # on Windows

    monkeypatch.setattr(ctypes, "CDLL", raises)
    kept = os.dup(1), os.dup(2), sys.stdout, sys.stderr
    try:
        capture = capturing.Capture(tmp_path)
        print("on")
        caught = capture.take()
    finally:
        os.dup2(kept[0], 1), os.dup2(kept[1], 2)
        sys.stdout, sys.stderr = kept[2:]
    assert caught.printed == "on\n"


def test_expressions_see_the_namespace_as_it_is_behind_their_block(run):
    ran = run(("n = 1", {"expressions": ("n",)}), ("n = 2", {"expressions": ("n",)}))
    assert [outcome.values for outcome in ran.outcomes] == [{"n": 1}, {"n": 2}]


def test_numpys_numbers_are_numbers(run):
    pytest.importorskip("numpy")
    ran = run(
        (
            "import numpy as np\nx = np.float32(1.5)\ny = np.arange(3).sum()",
            {"expressions": ("x", "y")},
        )
    )
    assert ran.outcomes[0].values == {"x": 1.5, "y": 3}


def test_a_page_has_its_own_folder_which_is_its_home(run):
    code = (
        "import os, pathlib\nprint(os.getcwd())\nprint(pathlib.Path.home())\n"
        "open('made', 'w').close()"
    )
    printed = run(code).outcomes[0].printed
    home = run.folder / "home"
    assert printed == f"{home}\n{home}\n"
    assert (home / "made").exists()
    assert Path.cwd() != home


def test_a_page_has_the_environment_that_it_is_given(run):
    assert (
        run("import os\nprint(os.environ['TF2_X'])", environment={"TF2_X": "1"}).outcomes[0].printed
        == "1\n"
    )
    assert "TF2_X" not in os.environ


def test_a_page_sees_what_libraries_need_and_no_secret(run, monkeypatch):
    for name in (
        "AWS_SECRET_ACCESS_KEY",
        "GITHUB_TOKEN",
        "TF_VAR_password",
        "XLA_TOKEN",
        "HTTPS_PROXY",
        "XDG_CACHE_HOME",
    ):
        monkeypatch.setenv(name, "sesame")
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.setenv("LC_TIME", "C")
    seen = (
        "import os\n"
        "print('sesame' in str(os.environ), os.environ['OMP_NUM_THREADS'], os.environ['LC_TIME'])"
    )
    assert run(seen).outcomes[0].printed == "False 1 C\n"
    child = (
        "import subprocess\nprint(b'sesame' in subprocess.run('env', capture_output=True).stdout)"
    )
    assert run(child).outcomes[0].printed == "False\n"


def test_what_the_server_that_forks_was_started_with_holds_no_secret(tmp_path):
    code = "import os, sys\nsys.path.insert(0, sys.argv[1])\n"
    code += "from tf2docs.pages.running.runner import Runner\nserver = Runner()._server\n"
    code += "print('sesame' in open(f'/proc/{server}/environ').read(), 'MPLBACKEND' in os.environ)"
    environment = {**os.environ, "SOME_SECRET": "sesame"}
    environment.pop("MPLBACKEND", None)
    command = [sys.executable, "-c", code, str(Path(__file__).parents[3])]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "False False\n"


def test_a_page_finds_what_a_program_finds(run, tmp_path):
    code = (
        "import multiprocessing as mp, signal, sys\n"
        "print(mp.get_start_method(), mp.current_process().name)\n"
        "print([signal.getsignal(s) for s in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)])\n"
    )
    code += "print(mp.parent_process(), sys.argv)"
    (tmp_path / "page.py").write_text(code)
    plain = subprocess.run(
        [sys.executable, "page.py"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert run(code).outcomes[0].printed == plain.stdout


def test_names_are_looked_up_where_the_page_has_changed_nothing(run):
    ran = run(
        "import json\njson.made_up = 1\ndel json.loads", symbols=("json.made_up", "json.loads")
    )
    assert ran.symbols == {"json.made_up": False, "json.loads": True}


@pytest.mark.parametrize("end", ["os._exit(3)", "time.sleep(60)"])
def test_names_that_cannot_be_looked_up_fail_the_page(run, monkeypatch, tmp_path, end):
    (tmp_path / "odd_module.py").write_text(f"import os, time\n{end}")
    monkeypatch.syspath_prepend(tmp_path)
    ran = run("x = 1", symbols=("odd_module.x",), time_limit=2)
    assert statuses(ran) == ["failed"]
    assert not ran.symbols
    with pytest.raises(SetupError, match="what the page names can't be looked up"):
        run(symbols=("odd_module.x",), time_limit=2)


def test_random_numbers_are_the_same_every_time(run):
    code = "import random\nprint(random.random())"
    assert run(code).outcomes[0].printed == run(code).outcomes[0].printed


def test_a_stand_in_for_the_data_is_an_error_where_real_data_are_asked_for(run):
    code = "import warnings\nwarnings.warn('this is a stand-in')\nprint('on')"
    ran = run(code, real_data=True)
    assert (ran.outcomes[0].status, ran.outcomes[0].reason) == (
        "failed",
        "UserWarning: this is a stand-in",
    )
    assert run(code).outcomes[0].printed == "on\n"


@pytest.mark.parametrize(
    ("code", "printed"),
    [
        ("import pickle\nclass A:\n    x = 1\nprint(pickle.loads(pickle.dumps(A())).x)", "1\n"),
        (
            "from dataclasses import dataclass\n@dataclass\nclass B:\n    x: int = 1\nprint(B())",
            "B(x=1)\n",
        ),
        (
            "import inspect\ndef f(x):\n    return x  # 一\nprint(inspect.getsource(f))",
            "def f(x):\n    return x  # 一\n",
        ),
        ("import inspect\ng = lambda x: x\nprint(inspect.getsource(g))", "g = lambda x: x\n"),
        (
            "import typing\nclass C:\n    x: 'C'\nprint(typing.get_type_hints(C)['x'] is C)",
            "True\n",
        ),
        ("print(__name__, __file__.endswith('page.py'))", "__main__ True\n"),
        ("print('准确率 😀')", "准确率 😀\n"),
        ("print('a\\ud800')", "a\\ud800\n"),
        ("import os\nos.system('echo from a child')\nNone", "from a child\n"),
    ],
)
def test_a_page_is_a_real_module(run, code, printed):
    ran = run("'''First.'''\n\n# a comment", code)
    assert ran.outcomes[1].reason == ""
    assert ran.outcomes[1].printed == printed


def test_blocks_dont_inherit_anything_from_the_runner(run):
    assert (
        run("def f(x: nothing): ...", "x").outcomes[0].reason
        == "NameError: name 'nothing' is not defined"
    )


def test_a_large_output_comes_whole(run):
    ran = run(
        "for n in range(9000):\n    print('x' * 400)",
        "import sys\nfor n in range(900):\n    print('e' * 999, file=sys.stderr)",
        "print('on')",
    )
    assert [len(outcome.printed) for outcome in ran.outcomes] == [9000 * 401, 0, 3]
    assert len(ran.outcomes[1].errors) == 900_000


def test_output_and_errors_are_kept_apart(run):
    ran = run("import os\nprint('out')\nos.write(2, b'err\\n')\nNone")
    assert (ran.outcomes[0].printed, ran.outcomes[0].errors) == ("out\n", "err\n")


def test_a_trace_goes_from_the_blocks_line_to_the_error(run):
    ran = run("# a comment\ndef half(x):\n    return 1 / x", "half(1)\n\nhalf(0)")
    assert ran.outcomes[1].trace == [
        Frame(3, "half(0)", block=1),
        Frame(3, "return 1 / x", block=0),
    ]


def test_a_trace_names_the_files_of_libraries(run):
    ran = run("import json\n\njson.loads('{')")
    first, *others = ran.outcomes[0].trace
    assert first == Frame(3, "json.loads('{')", block=0)
    assert [Path(frame.file).name for frame in others] == [
        "__init__.py",
        "decoder.py",
        "decoder.py",
    ]
    assert all(frame.block is None and frame.line > 1 for frame in others)


def test_a_syntax_error_has_its_block_and_line(run):
    ran = run("x = 1", "y = 2\nz = (")
    assert [(frame.block, frame.line) for frame in ran.outcomes[1].trace] == [(1, 2)]
    assert "SyntaxError" in ran.outcomes[1].reason


def test_a_page_may_replace_what_the_runner_uses(run):
    ran = run("exec = print = open = None\ntime = os = 1", "import sys\nsys.stdout.write('on')")
    assert statuses(ran) == ["ran", "ran"]
    assert ran.outcomes[1].printed == "on\n"


def test_figures_of_a_block_come_with_it(run):
    pytest.importorskip("matplotlib")
    ran = run(
        "import matplotlib.pyplot as plt\nplt.plot([1, 2])", "x = 1", "plt.bar([1], [2])\nNone"
    )
    assert [len(outcome.figures) for outcome in ran.outcomes] == [1, 0, 1]
    ((svg, shows),) = ran.outcomes[2].figures
    assert "<svg" in svg
    assert shows[1].startswith("1 × Rectangle, ")


def test_the_file_that_a_block_was_to_leave_comes_with_it(run):
    leaves = "import os, pathlib\npathlib.Path('a.bin').write_bytes(bytes([0, 255]))\nos.chdir('/')"
    ran = run((leaves, {"keeps": "a.bin"}), "x = 1")
    assert [outcome.file for outcome in ran.outcomes] == [b"\x00\xff", None]


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("x = 1", "there is none in its working folder"),
        ("open('a.bin', 'w').close()", "it is empty"),
        ("import os\nos.mkdir('a.bin')", "that is no file"),
        ("import os\nos.mkfifo('a.bin')", "that is no file"),
        (
            "import os\nos.symlink('/etc/passwd', 'a.bin')",
            "that is a link that leads out of its working folder",
        ),
        (
            "import os\nos.symlink('/dev/zero', 'a.bin')",
            "that is a link that leads out of its working folder",
        ),
        (
            "import os\nos.truncate(open('a.bin', 'w').name, 2 ** 30)",
            "it has 1,073,741,824 bytes; a site keeps 67,108,864 at most",
        ),
    ],
)
def test_a_block_that_leaves_no_file_failed(run, code, says):
    ran = run((code, {"keeps": "a.bin"}), "x = 1")
    assert statuses(ran) == ["failed", "not run"]
    assert ran.outcomes[0].reason == f"the page says that this leaves the file a.bin, but {says}"
