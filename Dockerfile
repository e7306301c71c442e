# One image for the four services, Alertmanager's configuration and the alert receiver. compose.yaml selects the program.
#   docker build -t vitrine:0.1.0 .
# Both versions equal `packageManager` in package.json; a test compares them.
FROM oven/bun:1.4.5-slim AS packages
WORKDIR /app
COPY package.json bun.lock ./
COPY telemetry/package.json telemetry/
RUN bun install --frozen-lockfile --production

# Without shell and package manager: half the size of -slim, and fewer tools for an intruder.
FROM oven/bun:1.4.5-distroless
WORKDIR /app
ENV NODE_ENV=production
COPY --from=packages /app/node_modules node_modules
COPY --from=packages /app/telemetry/node_modules telemetry/node_modules
# Bun reads the JSX settings from tsconfig.json, the services read their version from package.json.
COPY package.json tsconfig.json ./
COPY telemetry telemetry
COPY src src
COPY services services
# Alertmanager's configuration is rendered from the alerts. The alert receiver reads its notifications as the console does.
COPY observability/slo.ts observability/
COPY observability/alerts observability/alerts
COPY observability/alertmanager observability/alertmanager
COPY stack/alert-receiver stack/alert-receiver
COPY console/alerts/notification.ts console/alerts/
# The user `nonroot` of distroless, as a number: Kubernetes checks by number that it is not root.
USER 65532:65532
ENTRYPOINT ["/usr/local/bin/bun"]
