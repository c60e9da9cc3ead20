# Two images: the nodes that a lab is made of, and the tap that watches its networks.
#
#     debian:trixie-slim --- node    Python, network tools, services/    runs unprivileged
#                        \-- tap     dumpcap, tshark, nftables           root, with the capabilities it is given
#
# Build one with `docker build --target node -t socklab-node .`

FROM debian:trixie-slim AS node
LABEL socklab.image=node
RUN apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
        iproute2 iputils-ping netcat-openbsd procps python3 socat \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/cache/debconf/*-old /var/log/apt /var/log/*.log \
 && useradd --uid 1000 --home-dir /lab --no-create-home --shell /bin/bash lab \
 && printf '%s\n' "PS1='\h:\w\\$ '" >> /etc/bash.bashrc
# Unbuffered, so that what a program prints is seen when it prints it, also where it has no terminal.
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /lab
CMD ["bash"]
# The services come last: a changed one rebuilds this layer alone. They are compiled here, since a node's
# file system is read-only and a start without .pyc files takes a tenth of a second longer.
COPY services services
RUN python3 -m compileall -q services
USER lab

FROM debian:trixie-slim AS tap
LABEL socklab.image=tap
RUN apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
        iproute2 nftables python3-minimal tshark \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/cache/debconf/*-old /var/log/apt /var/log/*.log
CMD ["bash"]
