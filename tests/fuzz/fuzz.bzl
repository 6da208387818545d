"""Declares fuzz targets."""

load("//tools/bazel:cc.bzl", "dissectd_cc_library")
load("//tools/bazel:fuzz_binary.bzl", "fuzz_binary")

def fuzz_target(name, deps, library = True):
    """Declares NAME_fuzz, from NAME_fuzz.cc, and a short run of it as a test.

    Args:
      name: of the target, and of the folder below corpus/ with its seed inputs.
      deps: the libraries under test.
      library: whether they need libwireshark, which is then initialised.
    """
    dissectd_cc_library(
        name = name + "_target",
        srcs = [name + "_fuzz.cc"] + (["initialise.cc"] if library else []),
        deps = deps + ["@system//:absl"] + ([
            "//core/epan:library",
            "@system//:spdlog",
        ] if library else []),
    )
    fuzz_binary(
        name = name + "_fuzz",
        deps = [":" + name + "_target"],
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
            "$(rootpath :%s_fuzz)" % name,
            "$(rootpaths :%s_corpus)" % name,
        ],
        data = [
            ":%s_corpus" % name,
            ":%s_fuzz" % name,
        ],
    )
