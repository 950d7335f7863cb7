//! A proxy in front of the server, whose connections can go silent without closing.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// What becomes of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Gate {
    /// They flow.
    Open,
    /// Those of connections up to this one stay where they are.
    Silent(u64),
    /// Connections up to this one are closed.
    Cut(u64),
}

pub(super) struct Proxy {
    port: u16,
    gate: watch::Sender<Gate>,
    newest: Arc<AtomicU64>,
}

impl Proxy {
    /// Listens on a free port of this machine.
    pub(super) async fn open(host: String, port: u16) -> io::Result<Proxy> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let here = listener.local_addr()?.port();
        let (gate, watched) = watch::channel(Gate::Open);
        let newest = Arc::new(AtomicU64::new(0));
        let counter = Arc::clone(&newest);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let number = counter.fetch_add(1, Ordering::SeqCst) + 1;
                let (host, watched) = (host.clone(), watched.clone());
                tokio::spawn(async move {
                    // A server that is away closes the client's connection, by dropping it here.
                    if let Ok(server) = TcpStream::connect((host.as_str(), port)).await {
                        join(client, server, number, watched).await;
                    }
                });
            }
        });
        Ok(Proxy { port: here, gate, newest })
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// The connections there are go silent; new ones work.
    pub(super) fn hush(&self) {
        self.gate.send_replace(Gate::Silent(self.newest.load(Ordering::SeqCst)));
    }

    /// Silent connections deliver what they held back.
    pub(super) fn deliver(&self) {
        self.gate.send_replace(Gate::Open);
    }

    /// Silent connections are closed; what they held back is lost.
    pub(super) fn cut(&self) {
        // Looked at first: a borrow that lives on would wait for itself.
        let now = *self.gate.borrow();
        if let Gate::Silent(up_to) = now {
            self.gate.send_replace(Gate::Cut(up_to));
        }
    }
}

async fn join(client: TcpStream, server: TcpStream, number: u64, gate: watch::Receiver<Gate>) {
    let _ = (client.set_nodelay(true), server.set_nodelay(true));
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    tokio::select! {
        () = pump(from_client, to_server, number, gate.clone()) => {}
        () = pump(from_server, to_client, number, gate) => {}
    }
}

/// Carries bytes one way until one side closes or the connection is cut.
async fn pump(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, number: u64, mut gate: watch::Receiver<Gate>) {
    let mut watched = gate.clone();
    let cut = watched.wait_for(|gate| matches!(gate, Gate::Cut(up_to) if number <= *up_to));
    let carry = async {
        let mut buffer = vec![0; 16 * 1024];
        loop {
            let read = match from.read(&mut buffer).await {
                Ok(0) | Err(_) => return,
                Ok(read) => read,
            };
            let silent = |gate: &Gate| matches!(gate, Gate::Silent(up_to) if number <= *up_to);
            if gate.wait_for(|gate| !silent(gate)).await.is_err() || to.write_all(&buffer[..read]).await.is_err() {
                return;
            }
        }
    };
    tokio::select! { () = carry => {}, _ = cut => {} }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;

    async fn echo() -> u16 {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                tokio::spawn(async move {
                    let (mut from, mut to) = stream.split();
                    tokio::io::copy(&mut from, &mut to).await.unwrap();
                });
            }
        });
        port
    }

    async fn answer(stream: &mut TcpStream, byte: u8) -> Option<u8> {
        stream.write_all(&[byte]).await.ok()?;
        timeout(Duration::from_millis(500), stream.read_u8()).await.ok()?.ok()
    }

    #[tokio::test]
    async fn a_silent_connection_stays_open_and_may_speak_again_while_new_ones_work() {
        let proxy = Proxy::open("127.0.0.1".to_owned(), echo().await).await.unwrap();
        let mut old = TcpStream::connect(("127.0.0.1", proxy.port())).await.unwrap();
        assert_eq!(answer(&mut old, 1).await, Some(1), "bytes flow at first");
        proxy.hush();
        assert_eq!(answer(&mut old, 2).await, None, "a silent connection does not answer");
        let mut new = TcpStream::connect(("127.0.0.1", proxy.port())).await.unwrap();
        assert_eq!(answer(&mut new, 3).await, Some(3), "a new connection works meanwhile");
        proxy.deliver();
        assert_eq!(old.read_u8().await.unwrap(), 2, "what was held back is delivered late");
        proxy.hush();
        proxy.cut();
        assert_eq!(old.read(&mut [0]).await.unwrap(), 0, "a cut connection is closed");
    }
}
