# syntax=docker/dockerfile:1

# The web app.
FROM node:20.19.6-bookworm-slim AS web
WORKDIR /build/web
COPY web/package.json web/package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY schema.graphql /build/
COPY web ./
RUN node node_modules/vite/bin/vite.js build

# The server. It is built with the image's own toolchain, not with the one that rust-toolchain.toml names.
FROM rust:1.92.0-bookworm AS server
ENV RUSTUP_TOOLCHAIN=1.92.0 CLAUSEWATCH_WEB_DIST=/build/web-dist
WORKDIR /build
COPY . .
COPY --from=web /build/web/dist web-dist
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/build/target \
    cargo build --release --locked \
    && cp target/release/clausewatch /usr/local/bin/ \
    && mkdir /data

FROM debian:12.12-slim
# Single sign-on verifies the provider's certificate.
COPY --from=server /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=server --chown=10001:10001 /data /data
COPY --from=server /usr/local/bin/clausewatch /usr/local/bin/
USER 10001:10001
WORKDIR /data
ENV CLAUSEWATCH_BIND=0.0.0.0:8080 DATABASE_URL=sqlite:/data/clausewatch.db
VOLUME /data
EXPOSE 8080
# The start period is long, because the first start loads the sample dossiers.
HEALTHCHECK --interval=30s --timeout=15s --start-period=60s --start-interval=1s CMD ["clausewatch", "health"]
ENTRYPOINT ["clausewatch"]
CMD ["serve"]
