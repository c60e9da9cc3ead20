"""The capabilities that this machine was given: no program that is started from here asks the kernel for others.

    FRR's daemons --capset(what they would like to have)--> the kernel's filter --> 0, and nothing changed

FRR ends at once where it does not get every capability on its list, CAP_SYS_ADMIN among them, which is for network
namespaces of its own and opens the whole host. So a router is not given that one, and the kernel is told to answer
each `capset` (man 2 capset) with success and to do nothing (man 2 seccomp): the daemons keep what root here has.
"""

import ctypes
import os
import platform
import struct

_CALLS = {  # by machine: its number in audit.h, and that of capset among its system calls
    "x86_64": (0xC000003E, 126),
    "aarch64": (0xC00000B7, 91),
    "armv7l": (0x40000028, 185),
    "riscv64": (0xC00000F3, 91),
}
_INSTRUCTION = struct.Struct("=HBBI")  # struct sock_filter of linux/filter.h: code, jump if so, jump if not, value
_LOAD, _EQUAL, _RETURN = 0x20, 0x15, 0x06
_NUMBER_AT, _MACHINE_AT = 0, 4  # in struct seccomp_data
_ALLOW, _ANSWER_0 = 0x7FFF0000, 0x00050000
_SET_SECCOMP, _FILTER, _SET_NO_NEW_PRIVS = 22, 2, 38  # of prctl


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def keep() -> None:
    """Hold this program and all that it starts to the capabilities that there are. Raises OSError."""
    if platform.machine() not in _CALLS:
        return  # then a daemon that lacks one says so
    machine, capset = _CALLS[platform.machine()]
    code = b"".join(
        _INSTRUCTION.pack(*instruction)
        for instruction in (
            (_LOAD, 0, 0, _MACHINE_AT),
            (_EQUAL, 0, 3, machine),
            (_LOAD, 0, 0, _NUMBER_AT),
            (_EQUAL, 0, 1, capset),
            (_RETURN, 0, 0, _ANSWER_0),
            (_RETURN, 0, 0, _ALLOW),
        )
    )
    program = _Program(len(code) // _INSTRUCTION.size, code)
    _prctl(_SET_NO_NEW_PRIVS, 1)  # without that, only an administrator may set a filter
    _prctl(_SET_SECCOMP, _FILTER, ctypes.byref(program))


def _prctl(option: int, *arguments: object) -> None:
    values = [ctypes.c_ulong(each) if isinstance(each, int) else each for each in arguments]
    if ctypes.CDLL(None, use_errno=True).prctl(option, *values, *[ctypes.c_ulong(0)] * (4 - len(values))):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), "the filter of system calls")
