# The service in a container. Checked by hadolint, and never run where this was written: there was no container engine.
FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/venv
WORKDIR /src
COPY requirements.txt ./
RUN /opt/venv/bin/pip install -r requirements.txt
COPY . .
RUN /opt/venv/bin/pip install --no-deps --no-build-isolation .
# The embedding model is converted here, once, so that containers start in seconds and write nothing.
ENV BUDGET_QA_CACHE=/opt/cache
RUN /opt/venv/bin/python -m index.search.embedding_model

FROM python:3.11-slim-bookworm
# What onnxruntime loads.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends libgomp1 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --create-home --home-dir /home/budget budget \
    && install -d -o budget -g budget /store
COPY --from=build /opt /opt
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    BUDGET_QA_CACHE=/opt/cache \
    BUDGET_QA_STORE=/store \
    BUDGET_QA_HOST=0.0.0.0
USER 10001
VOLUME /store
EXPOSE 7860
HEALTHCHECK --interval=15s --timeout=5s --start-period=90s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:7860/readyz', timeout=4)"]
ENTRYPOINT ["budget-qa"]
CMD ["serve"]
