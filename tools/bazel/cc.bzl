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

def dissectd_cc_binary(name, copts = [], **kwargs):
    native.cc_binary(name = name, copts = DISSECTD_COPTS + copts, **kwargs)

def dissectd_cc_test(name, copts = [], **kwargs):
    native.cc_test(name = name, copts = DISSECTD_COPTS + copts, **kwargs)
