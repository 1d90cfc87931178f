# The service in a container: Debian's Chromium with its sandbox on, not as root.
#
#   docker build -t remora .
#   docker run -p 127.0.0.1:8080:8080 -v remora:/data --shm-size=1g --security-opt seccomp=unconfined remora
#   docker logs <container>      shows the API key once; or give keys: -e REMORA_API_KEYS=key1,key2
#
# Chromium's sandbox makes user namespaces, which Docker's default seccomp profile forbids: hence the --security-opt.
# Better than "unconfined" is Docker's default profile with clone, setns and unshare allowed. Where the host forbids user
# namespaces to everybody (kernel.unprivileged_userns_clone=0, or AppArmor on Ubuntu 23.10 and later), allow them there.
# Only as the last resort add --no-sandbox after the image's name: a page could then do whatever this user can.

FROM node:20-bookworm-slim AS build
WORKDIR /src
COPY package.json package-lock.json ./
# No scripts: nothing here needs one, and "prepare" would build before the sources are there.
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build && npm prune --omit=dev --ignore-scripts

FROM node:20-bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends \
      ca-certificates chromium chromium-sandbox ffmpeg tini \
      fonts-liberation fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --create-home --uid 10001 remora \
 && install -d -o remora -g remora -m 0700 /data
WORKDIR /app
COPY --from=build /src/package.json ./
COPY --from=build /src/node_modules ./node_modules
COPY --from=build /src/dist ./dist
ENV NODE_ENV=production REMORA_BROWSER=/usr/bin/chromium REMORA_FFMPEG=/usr/bin/ffmpeg
USER remora
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8080/health').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# tini reaps what Chromium leaves behind and passes SIGTERM on: bots leave before the container ends. Give it time:
# docker stop -t 60.
STOPSIGNAL SIGTERM
ENTRYPOINT ["tini", "--", "node", "dist/src/cli/main.js", "serve", "--host", "0.0.0.0", "--data", "/data"]
