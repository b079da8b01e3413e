# syntax=docker/dockerfile:1

FROM python:3.13-slim AS build
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY voxguard voxguard
COPY policies policies
COPY schema schema
# With the embedded database, so that the image also runs where there is no other.
RUN python -m venv /opt/voxguard \
  && /opt/voxguard/bin/pip install --no-cache-dir --disable-pip-version-check '.[embedded]'

FROM python:3.13-slim
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/voxguard voxguard \
  && mkdir /policies
COPY --from=build /opt/voxguard /opt/voxguard
ENV PATH=/opt/voxguard/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    VOXGUARD_POLICIES=/policies \
    VOXGUARD_STATE_DIR=/var/lib/voxguard
USER 10001
WORKDIR /var/lib/voxguard
VOLUME ["/var/lib/voxguard", "/policies"]
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
  CMD ["python", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ.get('VOXGUARD_HTTP_PORT', '8080') + '/healthz', timeout=4)"]
ENTRYPOINT ["voxguard"]
CMD ["run"]
