"""Bazel's C++ rules with our compiler options."""

DISSECTD_COPTS = [
    "-Wall",
    "-Wextra",
    "-Werror",
    "-Wno-missing-field-initializers",
    "-Wno-unused-parameter",
]

def dissectd_cc_library(name, copts = [], **kwargs):
    native.cc_library(name = name, copts = DISSECTD_COPTS + copts, **kwargs)

def _with_sanitizer(kwargs):
    """Returns the arguments of a program with what --config=tsan adds to it.

    Only the daemon and its tests have threads. dissectd-engine must not have the
    sanitizer's thread.
    """
    if native.package_name().split("/")[0] not in ("server", "tests"):
        return kwargs
    return dict(
        kwargs,
        linkopts = kwargs.get("linkopts", []) + select({
            "//tools/sanitizers:is_tsan": ["-fsanitize=thread"],
            "//conditions:default": [],
        }),
        malloc = select({
            "//tools/sanitizers:is_tsan": "//tools/sanitizers:thread",
            "//conditions:default": "@bazel_tools//tools/cpp:malloc",
        }),
    )

def dissectd_cc_binary(name, copts = [], **kwargs):
    native.cc_binary(
        name = name,
        copts = DISSECTD_COPTS + copts,
        **_with_sanitizer(kwargs)
    )

def dissectd_cc_test(name, copts = [], **kwargs):
    native.cc_test(
        name = name,
        copts = DISSECTD_COPTS + copts,
        **_with_sanitizer(kwargs)
    )
