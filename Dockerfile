# One image for all services; the argument says which: docker build --build-arg SERVICE=matching .
FROM python:3.11-slim-bookworm

# Without reserves of memory for each thread: willkommen/processes.py says why.
ENV MALLOC_ARENA_MAX=1
ENV PYTHONUNBUFFERED=1 HTTP_HOST=0.0.0.0 HTTP_PORT=8000
WORKDIR /app

COPY requirements/runtime.lock ./
RUN pip install --no-cache-dir --require-hashes --no-deps --requirement runtime.lock

COPY shared ./shared
COPY services ./services
COPY local ./local
COPY willkommen ./willkommen
COPY data/ludwigsburg/partners.json ./data/ludwigsburg/partners.json

# A new volume takes its owner from the folder that it is mounted on.
RUN useradd --system --uid 10001 willkommen \
    && cd services \
    && for service in */; do set -- "$@" "/run/willkommen/users/$service"; done \
    && install -d -m 700 -o willkommen -g willkommen \
        /run/willkommen /run/willkommen/rabbitmq /run/willkommen/mongodb /run/willkommen/users "$@" \
    && python -m compileall -q /app
USER willkommen

# What differs between services comes last, so that they share all layers.
ARG SERVICE=matching
ENV SERVICE=${SERVICE}
EXPOSE 8000
HEALTHCHECK --interval=5s --timeout=10s --start-period=120s --retries=4 \
    CMD ["python", "-m", "shared.observability.probe"]
CMD ["sh", "-c", "exec python -m services.${SERVICE}"]
