# Workers of the pool `gpu`. From the checkout: docker build -f deployments/images/gpu.Dockerfile -t exsclaim:gpu .
# The machine needs NVIDIA's driver and container toolkit; CUDA itself comes with torch.
FROM python:3.12-slim-bookworm

ENV PYTHONUNBUFFERED=1 \
    PREFECT_SERVER_ANALYTICS_ENABLED=false \
    DO_NOT_TRACK=true \
    MLFLOW_DISABLE_TELEMETRY=true \
    PREFECT_CLI_PROMPT=false \
    NVIDIA_VISIBLE_DEVICES=all \
    NVIDIA_DRIVER_CAPABILITIES=compute,utility \
    EXSCLAIM_DEVICE=cuda \
    EXSCLAIM_HOME=/data \
    EXSCLAIM_RESULTS=/results \
    PREFECT_HOME=/data/prefect \
    PREFECT_LOCAL_STORAGE_PATH=/data/tasks

WORKDIR /opt/exsclaim
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY exsclaim exsclaim
RUN pip install --no-cache-dir -c constraints.txt -e '.[flows,train]' \
    && useradd --create-home --uid 1000 exsclaim \
    && install -d -o exsclaim -g exsclaim /data /results
COPY tasks tasks
COPY flows flows
COPY journal journal
COPY models models
COPY deployments deployments

USER 1000:1000
VOLUME ["/data", "/results"]
CMD ["prefect", "worker", "start", "--pool", "gpu", "--limit", "1"]
