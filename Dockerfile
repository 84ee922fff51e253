# One image for all services; the argument says which: docker build --build-arg SERVICE=matching .
FROM python:3.11-slim-bookworm

ARG SERVICE=matching
ENV SERVICE=${SERVICE} PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HTTP_HOST=0.0.0.0 HTTP_PORT=8000
WORKDIR /app

COPY requirements/runtime.lock ./
RUN pip install --no-cache-dir --require-hashes --no-deps --requirement runtime.lock

COPY shared ./shared
COPY services ./services
COPY local ./local
COPY willkommen ./willkommen
COPY data/ludwigsburg/partners.json ./data/ludwigsburg/partners.json

RUN useradd --system --uid 10001 willkommen
USER willkommen
EXPOSE 8000
HEALTHCHECK --interval=5s --timeout=3s --start-period=20s --retries=12 \
    CMD ["python", "-m", "shared.observability.probe"]
CMD ["sh", "-c", "exec python -m services.${SERVICE}"]
