# The site in a container; docs/operating.md says how to use it.
FROM python:3.11-slim

# pip's own settings. Point one of them at PyTorch's CPU builds when building the image
# (--build-arg), or gigabytes of CUDA libraries come along.
ARG PIP_EXTRA_INDEX_URL=
ARG PIP_FIND_LINKS=

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1

WORKDIR /srv/loopwise
RUN useradd --system --uid 10001 --home-dir /srv/loopwise loopwise \
    && install --directory --owner=loopwise /var/lib/loopwise

COPY requirements.txt ./
RUN pip install --no-cache-dir --requirement requirements.txt

COPY manage.py ./
COPY templates templates
COPY trainer trainer
COPY course course

# The static files belong to the image, the data to the volume.
ENV LOOPWISE_STATIC=/srv/loopwise/static
RUN LOOPWISE_DATA=/tmp/building python manage.py collectstatic --no-input --verbosity 0 \
    && rm -r /tmp/building

ENV LOOPWISE_DATA=/var/lib/loopwise \
    LOOPWISE_BIND=0.0.0.0:8000
USER loopwise
VOLUME /var/lib/loopwise
EXPOSE 8000

# Loading the course for the first time makes its runs.
HEALTHCHECK --interval=30s --timeout=10s --start-period=120s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/healthz', timeout=8)"]

CMD ["sh", "-c", "python manage.py migrate --verbosity 0 && python manage.py loadcourse && exec gunicorn --config python:course.serving"]
