# SPDX-License-Identifier: GPL-2.0-or-later
#
# The daemon with dissectctl. See deploy/README.md for how to run it.
FROM debian:bookworm AS build
WORKDIR /src
# First what changes rarely, so that the packages are a layer of their own.
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
# dumpcap is the one program that may capture; nothing here runs as root.
RUN /tmp/packages/dev packages runtime \
    && rm -rf /tmp/packages /var/lib/apt/lists/* \
    && setcap cap_net_raw,cap_net_admin+eip /usr/bin/dumpcap \
    && useradd --system --home-dir /captures --shell /usr/sbin/nologin dissectd \
    && install -d -o dissectd -g dissectd /captures
# With the licences, in share/doc/dissectd.
COPY --from=build /opt/dissectd/ /usr/local/

USER dissectd
VOLUME /captures
EXPOSE 50051
# All interfaces of the container: publish the port with care, as there is no
# TLS yet.
ENTRYPOINT ["/usr/local/bin/dissectd"]
CMD ["--listen=0.0.0.0:50051", "--store=/captures"]
# Asks for a list that is always empty: no path begins with a dot.
HEALTHCHECK --interval=30s --timeout=5s \
    CMD ["dissectctl", "--server=127.0.0.1:50051", "files", "list", "."]
