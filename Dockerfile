# The service, its solver and its commands. Dependencies are pinned by hash; the last stage has no build tools.
FROM python:3.11-slim AS build

ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /src
COPY requirements.txt requirements-build.txt ./
RUN python -m venv /opt/rota \
    && /opt/rota/bin/pip install --require-hashes --requirement requirements.txt \
    && python -m venv /opt/build \
    && /opt/build/bin/pip install --require-hashes --requirement requirements-build.txt
COPY pyproject.toml README.md LICENSE ./
COPY fixtures ./fixtures
COPY solver ./solver
COPY api ./api
RUN /opt/build/bin/pip wheel --no-deps --no-build-isolation --wheel-dir /wheel . \
    && /opt/rota/bin/pip install --no-deps --no-index /wheel/*.whl \
    && /opt/rota/bin/pip check \
    && /opt/rota/bin/pip uninstall --yes setuptools pip

FROM python:3.11-slim

RUN useradd --create-home --uid 10001 --shell /usr/sbin/nologin rota \
    && install --directory --owner=rota /data
COPY --from=build /opt/rota /opt/rota
ENV PATH="/opt/rota/bin:$PATH" PYTHONUNBUFFERED=1 ROTA_DATABASE_URL=sqlite:////data/rota.db
USER 10001
WORKDIR /home/rota
VOLUME /data
COPY fixtures/team.json ./fixtures/team.json
EXPOSE 8000
ENTRYPOINT ["rota"]
CMD ["--help"]
