//! A server in place of AWS, which gives the same answer to the same operation.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// Credentials, without those of this machine, and without patience.
pub(crate) const ENVIRONMENT: [(&str, &str); 5] = [
    ("AWS_EC2_METADATA_DISABLED", "true"),
    ("AWS_MAX_ATTEMPTS", "1"),
    ("AWS_REGION", "eu-west-1"),
    ("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE"),
    ("AWS_SECRET_ACCESS_KEY", "secret"),
];

/// What AWS answers.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    /// An operation such as `DescribeImages` or `ecr-public:DescribeRepositories`, or any other.
    pub(crate) operation: Option<String>,
    pub(crate) status: u16,
    pub(crate) body: String,
}

/// A server, until the test ends.
pub(crate) struct Aws {
    pub(crate) endpoint: String,
    targets: Arc<Mutex<Vec<String>>>,
}

impl Aws {
    /// One answer to every request.
    #[cfg(feature = "aws")]
    pub(crate) fn answers(status: u16, body: &str) -> Self {
        Self::start(vec![Answer { operation: None, status, body: body.to_owned() }])
    }

    pub(crate) fn start(answers: Vec<Answer>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let targets = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&targets);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let target = answer(&stream.unwrap(), &answers);
                seen.lock().unwrap().extend(target);
            }
        });
        Self { endpoint, targets }
    }

    /// The operations that were asked for.
    #[cfg(feature = "aws")]
    pub(crate) fn targets(&self) -> Vec<String> {
        self.targets.lock().unwrap().clone()
    }
}

/// Answers one request, and closes the connection. Returns the operation that the request asks for.
fn answer(stream: &TcpStream, answers: &[Answer]) -> Option<String> {
    let mut reader = BufReader::new(stream);
    let (mut length, mut target) = (0, None);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap() == 0 || line == "\r\n" {
            break;
        }
        if let Some((name, value)) = line.split_once(": ") {
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.trim().parse().unwrap(),
                "x-amz-target" => target = Some(value.trim().to_owned()),
                _ => {}
            }
        }
    }
    std::io::copy(&mut reader.take(length), &mut std::io::sink()).unwrap();
    let operation = target.as_deref().and_then(|it| it.split_once('.'));
    let operation = operation.map(|(service, operation)| match service {
        "SpencerFrontendService" => format!("ecr-public:{operation}"),
        _ => operation.to_owned(),
    });
    let own = answers.iter().find(|it| it.operation.is_some() && it.operation == operation);
    let any = || answers.iter().find(|it| it.operation.is_none());
    let (status, body) = match own.or_else(any) {
        Some(answer) => (answer.status, answer.body.as_str()),
        None => (400, r#"{"__type":"UnknownOperationException"}"#),
    };
    let mut stream = stream;
    let head = format!(
        "HTTP/1.1 {status} It\r\nContent-Type: application/x-amz-json-1.1\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(body.as_bytes()).unwrap();
    target
}
