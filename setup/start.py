"""Runs a module as `python -m` does:  python -S setup/start.py MODULE [ARGUMENT...].

Until the module has a say in it, Ctrl-C just ends it: nobody wants to see a traceback of imports. With -S, Python does
not look for packages before our first line; so that is done here.
"""

import _signal

_signal.signal(_signal.SIGINT, _signal.SIG_DFL)

import runpy
import site
import sys
from pathlib import Path

site.main()
sys.path[0] = str(Path(__file__).resolve().parents[1])
del sys.argv[0]
runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
