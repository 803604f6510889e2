# The command line of ecrane, without a shell or a package manager:
#   docker build --tag ecrane .
#   docker run --rm --volume "$PWD:/work" --user "$(id -u):$(id -g)" ecrane check
FROM rust:1.95-slim-bookworm AS build
WORKDIR /src
COPY . .
RUN cargo build --release --locked --package ecrane-cli

FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /src/target/release/ecrane /usr/local/bin/ecrane
WORKDIR /work
ENTRYPOINT ["/usr/local/bin/ecrane"]
