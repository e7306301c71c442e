# One image for the four services, and for the two small jobs of the stack that are ours: compose.yaml says which program.
#   docker build -t vitrine:0.1.0 .
# Bun publishes both variants with every release; the versions follow `packageManager` in package.json (a test compares).
FROM oven/bun:1.4.5-slim AS packages
WORKDIR /app
COPY package.json bun.lock ./
COPY telemetry/package.json telemetry/
RUN bun install --frozen-lockfile --production

# No shell and no package manager: half the size of -slim, and nothing for an intruder to call.
FROM oven/bun:1.4.5-distroless
WORKDIR /app
ENV NODE_ENV=production
COPY --from=packages /app/node_modules node_modules
COPY --from=packages /app/telemetry/node_modules telemetry/node_modules
# tsconfig.json tells Bun whose JSX it is; package.json, which version the services report.
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
# distroless' own `nonroot`, by number, so that an orchestrator can see that it is not root.
USER 65532:65532
ENTRYPOINT ["/usr/local/bin/bun"]
