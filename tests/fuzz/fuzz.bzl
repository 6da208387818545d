"""Fuzz targets: each is built twice, by Bazel to see that it builds, and by
clang, with libFuzzer, where it runs."""

load("//tools/bazel:cc.bzl", "DISSECTD_COPTS")
load("//tools/bazel:program_sources.bzl", "program_sources")

def fuzz_target(name, deps):
    """Declares NAME_fuzz, from NAME_fuzz.cc, and a short run of it as a test.

    Args:
      name: also the folder below corpus/ with the inputs that it begins with.
      deps: what the target calls.
    """
    native.cc_library(
        name = name + "_fuzz",
        srcs = [
            "initialise.cc",
            name + "_fuzz.cc",
        ],
        copts = DISSECTD_COPTS,
        deps = deps + [
            "//core/epan:library",
            "@system//:absl",
            "@system//:spdlog",
        ],
    )
    program_sources(
        name = name + "_sources",
        programs = [":" + name + "_fuzz"],
    )
    native.filegroup(
        name = name + "_corpus",
        srcs = native.glob(["corpus/%s/*" % name]),
    )
    native.sh_test(
        name = name + "_fuzz_test",
        size = "large",
        srcs = ["run_fuzz.sh"],
        args = [
            "$(rootpaths :%s_corpus)" % name,
            "--",
            "$(rootpaths :%s_sources)" % name,
        ],
        data = [
            ":%s_corpus" % name,
            ":%s_sources" % name,
        ],
    )
