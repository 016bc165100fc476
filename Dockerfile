# Two stages: the first builds a virtual environment, the second carries it and nothing to build with.
ARG PYTHON_VERSION=3.13

FROM python:${PYTHON_VERSION}-slim-bookworm AS build
WORKDIR /src
COPY pyproject.toml README.md LICENSE NOTICE rules.yaml ./
COPY monitor/ monitor/
# What feeds, pages and exports may be asked for, 46 MB, and `monitor worker`, 17: one image for one machine and for many.
# With `places`, of which only `monitor places import` has a use, it would be 210 more. Empty for none: --build-arg EXTRAS=
ARG EXTRAS=articles,cluster,map,misp,stix,warc
RUN python -m venv /opt/monitor \
    && /opt/monitor/bin/pip install --no-cache-dir --disable-pip-version-check ".${EXTRAS:+[${EXTRAS}]}"

FROM python:${PYTHON_VERSION}-slim-bookworm
ARG VERSION=0.1.0
LABEL org.opencontainers.image.title="monitor" \
      org.opencontainers.image.description="Alerting monitor for regional-conflict news" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}"

# tini as process 1: the kernel ignores SIGTERM for a process 1 that set no handler, as most commands do not; and it
# reaps what a killed sender leaves behind. Its version is the Debian release's.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends tini \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 monitor \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin monitor \
    && install -d -o monitor -g monitor -m 0700 /state

COPY --from=build /opt/monitor /opt/monitor
# The starter rules, so that the image runs as it stands; mount your own folder over /config.
COPY rules.yaml /config/rules.yaml

ENV PATH=/opt/monitor/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    MONITOR_CONFIG=/config/rules.yaml \
    MONITOR_STATE=/state

USER 10001:10001
WORKDIR /state
VOLUME ["/state"]
STOPSIGNAL SIGTERM
# The daemon, or a worker, writes its heartbeat every few seconds; the command exits 1 when the last one is stale.
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 \
    CMD ["monitor", "status", "--healthcheck"]
ENTRYPOINT ["/usr/bin/tini", "--", "monitor"]
CMD ["run"]
