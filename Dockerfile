# Three stages: the map page, the program, and a small image with only that.
# Not run here: no container engine was at hand. A test in cmd/gridbeat checks its
# structure, and the commands are those of the Makefile, which are run.

FROM node:20-bookworm-slim AS page
WORKDIR /src/api/ui
COPY api/ui/package.json api/ui/package-lock.json api/ui/.npmrc ./
RUN npm ci --no-fund --no-audit
COPY api/ui ./
RUN npm run build

FROM golang:1.26-bookworm AS program
RUN apt-get update && apt-get install -y --no-install-recommends zlib1g-dev pkg-config
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
COPY --from=page /src/api/ui/dist api/ui/dist
RUN go build -trimpath -ldflags '-s -w' -o /gridbeat ./cmd/gridbeat

FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends zlib1g tzdata ca-certificates \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --create-home --home-dir /data gridbeat
COPY --from=program /gridbeat /usr/local/bin/gridbeat
COPY LICENSE NOTICE /usr/share/doc/gridbeat/
USER gridbeat
WORKDIR /data
VOLUME /data
ENV GRIDBEAT_STORE=/data/gridbeat.gpkg
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s CMD ["gridbeat", "health", "--quiet"]
ENTRYPOINT ["gridbeat"]
CMD ["demo"]
