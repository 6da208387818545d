"""Builds a fuzz target with clang and libFuzzer.

Everything else is built with GCC, which has no libFuzzer. An aspect compiles
the sources of all libraries again, once for all fuzz targets.
"""

load(":clang_flags.bzl", "clang_flags")

_FLAGS = ["-O1", "-g1", "-DNDEBUG", "-fsanitize=fuzzer,address"]

_Objects = provider(
    doc = "Object files for a fuzz target.",
    fields = {"files": "depset of File"},
)

def _compile(target, ctx, source):
    context = target[CcInfo].compilation_context
    object = ctx.actions.declare_file("%s.%s.fuzz.o" % (
        source.basename,
        ctx.label.name,
    ))
    arguments = ctx.actions.args()
    arguments.add_all(clang_flags(ctx.rule.attr.copts, context) + _FLAGS)
    arguments.add_all(["-w", "-c", source, "-o", object])
    ctx.actions.run(
        executable = ctx.file._clang,
        arguments = [arguments],
        inputs = depset(
            [source] + ctx.rule.files.srcs,
            transitive = [context.headers],
        ),
        outputs = [object],
        mnemonic = "FuzzCompile",
        progress_message = "Compiling %s for fuzzing" % source.short_path,
    )
    return object

def _collect_impl(target, ctx):
    objects = []
    if CcInfo in target and hasattr(ctx.rule.attr, "copts"):
        objects = [
            _compile(target, ctx, source)
            for source in ctx.rule.files.srcs
            if source.extension == "cc"
        ]
    deps = getattr(ctx.rule.attr, "deps", [])
    return [_Objects(files = depset(
        objects,
        transitive = [dep[_Objects].files for dep in deps if _Objects in dep],
    ))]

_CLANG = attr.label(
    # clang is an input, so that a new version compiles everything again.
    default = "@system//:clang",
    allow_single_file = True,
)

_collect = aspect(
    implementation = _collect_impl,
    attr_aspects = ["deps"],
    attrs = {"_clang": _CLANG},
)

def _fuzz_binary_impl(ctx):
    objects = depset(transitive = [
        dep[_Objects].files
        for dep in ctx.attr.deps
    ])
    program = ctx.actions.declare_file(ctx.label.name)
    arguments = ctx.actions.args()
    arguments.add("-fsanitize=fuzzer,address")
    arguments.add_all(objects)
    for dep in ctx.attr.deps:
        for linker_input in dep[CcInfo].linking_context.linker_inputs.to_list():
            arguments.add_all(linker_input.user_link_flags)
    arguments.add_all(["-o", program])
    ctx.actions.run(
        executable = ctx.file._clang,
        arguments = [arguments],
        inputs = objects,
        outputs = [program],
        mnemonic = "FuzzLink",
        progress_message = "Linking " + program.short_path,
    )
    return [DefaultInfo(executable = program)]

fuzz_binary = rule(
    implementation = _fuzz_binary_impl,
    attrs = {
        "deps": attr.label_list(
            doc = "The libraries; one of them defines LLVMFuzzerTestOneInput.",
            aspects = [_collect],
            mandatory = True,
            providers = [CcInfo],
        ),
        "_clang": _CLANG,
    },
    executable = True,
)
