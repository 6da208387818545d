# SPDX-License-Identifier: GPL-2.0-or-later
#
# An image with dissectd and dissectctl. deploy/README.md says how to build it, with
# deploy/image/build.sh or without, and how to run it.

# The only image that the build needs. To pin it, name a digest that you have checked:
# --build-arg BASE=debian:bookworm@sha256:...
ARG BASE=debian:bookworm
FROM ${BASE} AS build
WORKDIR /src
# Copies what changes rarely first, so that the packages are a separate layer.
COPY dev ./
COPY tools/dev/common.sh tools/dev/
COPY tools/packages/ tools/packages/
RUN ./dev packages build runtime image-root
COPY . .
# The time of the sources; files get it, so that the same sources and packages make
# the same image.
ARG SOURCE_DATE_EPOCH=0
# The folder that has Bazel's results, below dissectd/bazel. By default, it outlives
# the build; deploy/image/build.sh can replace it by one of the machine.
ARG BUILD_CACHE=/var/cache/image
RUN --mount=type=cache,target=/var/cache/image \
    XDG_CACHE_HOME=${BUILD_CACHE} ./dev install /opt/dissectd \
    && ./dev bazel shutdown \
    && rm -rf /root/.cache/bazel
RUN deploy/image/assemble_root.py /opt/dissectd /image

# Has no base: dissectd needs little of Debian's image.
FROM scratch
COPY --from=build /image/ /
ARG VERSION=unknown
ARG REVISION=unknown
ARG SOURCE=unknown
LABEL org.opencontainers.image.title="dissectd" \
      org.opencontainers.image.description="Wireshark's dissection and capture as a gRPC service" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.source="${SOURCE}" \
      org.opencontainers.image.licenses="GPL-2.0-or-later"

# The user's number, as Kubernetes can't tell from a name that it isn't root.
USER 65532:65532
WORKDIR /captures
VOLUME /captures
EXPOSE 50051
# For dissectctl, also that of the health check. With TLS, set DISSECTD_TLS_CA and
# DISSECTD_TLS_SERVER_NAME as well.
ENV PATH=/usr/local/bin:/usr/bin \
    DISSECTD_SERVER=127.0.0.1:50051
# Listens on all interfaces of the container, without TLS. Publish the port on a
# loopback address, or replace the arguments by those for TLS.
ENTRYPOINT ["/usr/local/bin/dissectd"]
CMD ["--listen=0.0.0.0:50051", "--insecure-plaintext-from-anywhere", \
     "--store=/captures"]
HEALTHCHECK --interval=30s --timeout=6s --start-period=30s \
    CMD ["dissectctl", "health"]
