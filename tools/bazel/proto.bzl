"""Generates and compiles C++ from .proto files with Debian's protoc."""

def dissectd_cc_proto_library(name, srcs, deps_srcs = [], grpc = True, visibility = None):
    """Builds one cc_library from the .proto files of a package.

    Args:
      name: the name of the library.
      srcs: the .proto files, relative to this package.
      deps_srcs: .proto files that srcs import, on the import path.
      grpc: whether to generate services as well.
      visibility: the visibility of the library.
    """
    root = native.package_name().split("/")[0]
    outs = []
    for src in srcs:
        stem = src[:-len(".proto")]
        outs += [stem + ".pb.h", stem + ".pb.cc"]
        if grpc:
            outs += [stem + ".grpc.pb.h", stem + ".grpc.pb.cc"]
    grpc_args = ""
    if grpc:
        grpc_args = (
            "--plugin=protoc-gen-grpc=/usr/bin/grpc_cpp_plugin " +
            "--grpc_out=$(GENDIR)/" + root + " "
        )
    native.genrule(
        name = name + "_generate",
        srcs = srcs + deps_srcs,
        outs = outs,
        cmd = (
            "/usr/bin/protoc --proto_path=" + root +
            " --cpp_out=$(GENDIR)/" + root + " " + grpc_args +
            " ".join(["$(location %s)" % src for src in srcs])
        ),
        message = "Generating C++ from",
        visibility = ["//visibility:private"],
    )
    native.cc_library(
        name = name,
        srcs = [out for out in outs if out.endswith(".cc")],
        hdrs = [out for out in outs if out.endswith(".h")],
        # The daemon looks services up by name only, so that the linker would
        # otherwise drop their code.
        alwayslink = True,
        # Generated code may have warnings.
        copts = ["-w"],
        strip_include_prefix = "/" + root,
        visibility = visibility,
        deps = ["@system//:grpc++"],
    )

def dissectd_schema_headers(name, srcs, visibility = None):
    """Generates a library of field numbers and enum values from .proto files.

    Also writes the descriptor set NAME.binpb. The library has no dependencies;
    tools/schema/schema_headers.cc describes its contents.

    Args:
      name: the name of the library.
      srcs: the .proto files, relative to this package.
      visibility: the visibility of the library.
    """
    root = native.package_name().split("/")[0]
    stems = [src[:-len(".proto")] for src in srcs]
    headers = [stem + ".schema.h" for stem in stems]
    headers.append(stems[0].rpartition("/")[0] + "/well_known.schema.h")
    native.genrule(
        name = name + "_generate",
        srcs = srcs,
        outs = headers + [name + ".binpb"],
        cmd = (
            "/usr/bin/protoc --proto_path=" + root +
            " --include_imports --descriptor_set_out=$(RULEDIR)/" + name +
            ".binpb " + " ".join(["$(location %s)" % src for src in srcs]) +
            " && $(location //tools/schema:schema_headers) $(RULEDIR)/" + name +
            ".binpb $(GENDIR)/" + root
        ),
        tools = ["//tools/schema:schema_headers"],
        message = "Generating headers from",
        visibility = ["//visibility:private"],
    )
    native.cc_library(
        name = name,
        hdrs = headers,
        strip_include_prefix = "/" + root,
        visibility = visibility,
    )
