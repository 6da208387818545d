# SPDX-License-Identifier: GPL-2.0-or-later
#
# An image with dissectd and dissectctl. deploy/README.md says how to run it.
FROM debian:bookworm AS build
WORKDIR /src
# Copies what changes rarely first, so that the packages are a separate layer.
COPY dev ./
COPY tools/dev/common.sh tools/dev/
COPY tools/packages/ tools/packages/
RUN ./dev packages build runtime
COPY . .
RUN ./dev install /opt/dissectd

FROM debian:bookworm-slim
COPY dev /tmp/packages/
COPY tools/dev/common.sh /tmp/packages/tools/dev/
COPY tools/packages/ /tmp/packages/tools/packages/
# Only dumpcap may capture; nothing in the image runs as root.
RUN /tmp/packages/dev packages runtime \
    && rm -rf /tmp/packages /var/lib/apt/lists/* \
    && setcap cap_net_raw,cap_net_admin+eip /usr/bin/dumpcap \
    && useradd --system --home-dir /captures --shell /usr/sbin/nologin dissectd \
    && install -d -o dissectd -g dissectd /captures
# The licences are in share/doc/dissectd.
COPY --from=build /opt/dissectd/ /usr/local/

USER dissectd
VOLUME /captures
EXPOSE 50051
# Listens on all interfaces of the container, without TLS. Publish the port on a
# loopback address, or replace the arguments by those for TLS.
ENTRYPOINT ["/usr/local/bin/dissectd"]
CMD ["--listen=0.0.0.0:50051", "--insecure-plaintext-from-anywhere", \
     "--store=/captures"]
# Lists files whose names begin with a dot, so that the list is always empty.
HEALTHCHECK --interval=30s --timeout=5s \
    CMD ["dissectctl", "--server=127.0.0.1:50051", "files", "list", "."]
