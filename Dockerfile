# The images: the nodes that a lab is made of, its routers, the tap that watches its networks; and for `make bench`
# and `make reliability` what people would use instead, and what attacks.
#
#     debian:trixie-slim --- common --- node      Python, network tools, services/   runs unprivileged
#                        \         |--- router    the same and FRR                   root, with the capabilities ...
#                         \        '--- peers     the same and haproxy, nginx, ...   ... that each is given
#                          '- tap                dumpcap, tshark, nftables
#
# Build one with `docker build --target node -t socklab-node .`

# What goes after it was installed: of Python what tests it, documents it, draws, or doubles modules in C; of iproute2
# what sets up hardware that no node has.
FROM debian:trixie-slim AS common
RUN apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
        iperf iproute2 iputils-ping netcat-openbsd procps python3 socat \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/cache/debconf/*-old /var/log/apt /var/log/*.log \
 && cd /usr/lib/python3.* \
 && rm -rf test unittest doctest.py pydoc.py pydoc_data turtle.py xmlrpc lib-dynload/_test*.so lib-dynload/_xxtest*.so \
        _pydatetime.py _pydecimal.py _pyio.py \
 && (cd __pycache__ && rm -f doctest.* pydoc.* turtle.* _pydatetime.* _pydecimal.* _pyio.*) \
 && rm -f /usr/bin/rdma /usr/sbin/dcb /usr/sbin/devlink /usr/sbin/tipc /usr/sbin/vdpa \
 && useradd --uid 1000 --home-dir /lab --no-create-home --shell /bin/bash lab \
 && printf '%s\n' "PS1='\h:\w\\$ '" >> /etc/bash.bashrc
# Unbuffered, so that what a program prints is seen when it prints it, also where it has no terminal.
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /lab
CMD ["bash"]

# The services come last in both images: a changed one rebuilds this layer alone. They are compiled here, since
# the file system of a running node is read-only and a start without .pyc files takes a tenth of a second longer.
FROM common AS node
LABEL socklab.image=node
COPY services services
RUN python3 -m compileall -q services
USER lab

FROM common AS router
LABEL socklab.image=router
# The second package spares the 18 MB of systemd, which frr asks for by way of logrotate and cron. A router's root
# may not pass over the owner of a file, so the folders of FRR are its own, and vtysh lets in the group frrvty.
RUN apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends frr nftables systemd-standalone-sysusers \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/cache/debconf/*-old /var/log/apt /var/log/*.log \
 && mkdir -p /run/frr /var/lib/frr /var/tmp/frr \
 && chown root:root /etc/frr /run/frr /var/lib/frr /var/tmp/frr \
 && usermod -aG frrvty root
COPY services services
RUN python3 -m compileall -q services

FROM debian:trixie-slim AS tap
LABEL socklab.image=tap
RUN apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
        iproute2 nftables python3-minimal tshark \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/cache/debconf/*-old /var/log/apt /var/log/*.log
CMD ["bash"]

FROM common AS peers
LABEL socklab.image=peers
RUN apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
        haproxy libnginx-mod-stream mininet ncat nginx \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/cache/debconf/*-old /var/log/apt /var/log/*.log
COPY services services
COPY benchmarks benchmarks
COPY reliability reliability
RUN python3 -m compileall -q services benchmarks reliability
