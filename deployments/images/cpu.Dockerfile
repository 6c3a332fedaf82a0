# Servers, and workers of the pool `default`. From the checkout: docker build -f deployments/images/cpu.Dockerfile -t exsclaim:cpu .
FROM python:3.12-slim-bookworm

ENV PYTHONUNBUFFERED=1 \
    PREFECT_SERVER_ANALYTICS_ENABLED=false \
    DO_NOT_TRACK=true \
    MLFLOW_DISABLE_TELEMETRY=true \
    PREFECT_CLI_PROMPT=false \
    EXSCLAIM_HOME=/data \
    EXSCLAIM_RESULTS=/results \
    PREFECT_HOME=/data/prefect \
    PREFECT_LOCAL_STORAGE_PATH=/data/tasks

WORKDIR /opt/exsclaim
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY exsclaim exsclaim
# Empty where the constraints' torch is wanted. A build for CPUs alone is 5 GB smaller; torchvision has to fit it.
ARG PIP_OPTIONS=""
# hadolint ignore=SC2086
RUN pip install --no-cache-dir ${PIP_OPTIONS} -c constraints.txt -e '.[flows,server,second-reader,openvino,gallery]' \
    && useradd --create-home --uid 1000 exsclaim \
    && install -d -o exsclaim -g exsclaim /data /results
COPY tasks tasks
COPY flows flows
COPY journal journal
COPY models models
COPY deployments deployments

USER 1000:1000
VOLUME ["/data", "/results"]
CMD ["prefect", "worker", "start", "--pool", "default", "--limit", "3"]
