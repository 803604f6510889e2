//! A Kubernetes cluster, as far as `kubectl get pods` looks at it: the discovery of its API, and the list
//! of its pods.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};

use serde_json::{Value, json};

use crate::failure::Failure;

/// A server on loopback, which answers until the program ends.
#[derive(Debug)]
pub(super) struct Cluster {
    address: SocketAddr,
}

impl Cluster {
    /// Starts a server for a list of pods, as `kubectl get pods --output json` prints it.
    pub(super) fn start(list: Value) -> Result<Self, Failure> {
        let listener = TcpListener::bind("127.0.0.1:0").map_err(Failure::program("a cluster"))?;
        let address = listener.local_addr().map_err(Failure::program("a cluster"))?;
        std::thread::spawn(move || {
            // A connection that breaks is that of a program that has ended.
            listener.incoming().flatten().for_each(|stream| drop(answer(&stream, &list)));
        });
        Ok(Self { address })
    }

    /// The configuration file of `kubectl`.
    pub(super) fn settings(&self) -> String {
        let server = format!("http://{}", self.address);
        json!({
            "apiVersion": "v1", "kind": "Config", "current-context": "shop",
            "clusters": [{ "name": "shop", "cluster": { "server": server } }],
            "contexts": [{ "name": "shop", "context": { "cluster": "shop", "user": "reader" } }],
            "users": [{ "name": "reader", "user": {} }],
        })
        .to_string()
    }
}

/// Answers one request, and closes the connection.
fn answer(mut stream: &TcpStream, list: &Value) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream).lines();
    let request = lines.next().transpose()?.unwrap_or_default();
    for header in lines {
        if header?.is_empty() {
            break;
        }
    }
    let path = request.split([' ', '?']).nth(1).unwrap_or_default();
    let (status, body) = match path {
        "/api" => ("200 OK", json!({ "kind": "APIVersions", "versions": ["v1"] })),
        "/apis" => ("200 OK", json!({ "kind": "APIGroupList", "apiVersion": "v1", "groups": [] })),
        "/api/v1" => {
            let pods = json!({
                "name": "pods", "singularName": "pod", "kind": "Pod", "namespaced": true,
                "verbs": ["get", "list"],
            });
            let list =
                json!({ "kind": "APIResourceList", "groupVersion": "v1", "resources": [pods] });
            ("200 OK", list)
        }
        "/api/v1/pods" => {
            let items = list.get("items").cloned().unwrap_or_else(|| json!([]));
            let metadata = json!({ "resourceVersion": "1" });
            let pods = json!({ "kind": "PodList", "apiVersion": "v1", "metadata": metadata, "items": items });
            ("200 OK", pods)
        }
        _ => ("404 Not Found", json!({ "kind": "Status", "apiVersion": "v1", "code": 404 })),
    };
    let body = body.to_string();
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}
