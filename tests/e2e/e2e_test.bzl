"""Declares tests that start the real daemon and call it as clients do."""

load("//tools/bazel:cc.bzl", "dissectd_cc_test")

def e2e_test(name, deps = [], **kwargs):
    """Declares a test from NAME.cc.

    Args:
      name: the name of the test and of its source.
      deps: dependencies besides the daemon, the API and gtest.
      **kwargs: further arguments of cc_test.
    """
    dissectd_cc_test(
        name = name,
        size = "medium",
        srcs = [name + ".cc"],
        deps = deps + [
            ":daemon_process",
            ":dissection",
            "//proto:dissectd_cc_proto",
            "@system//:grpc++",
            "@system//:gtest",
        ],
        **kwargs
    )
