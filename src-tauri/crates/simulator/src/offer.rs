//! Products that somebody wants the demo shop to sell.

use std::io;

use serde::{Deserialize, Serialize};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::shop::Shop;

/// One product with its variants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offered {
    /// What it is called.
    pub title: String,
    /// The SKUs of its variants.
    pub skus: Vec<String>,
}

impl Shop {
    /// Takes products up that it does not sell yet. A SKU that it has stays as it is.
    pub fn take_up(&mut self, products: &[Offered]) {
        for product in products {
            let new: Vec<&str> =
                product.skus.iter().filter(|sku| self.variants_of(sku).is_empty()).map(String::as_str).collect();
            if !new.is_empty() {
                self.add_product(&product.title, new);
            }
        }
    }
}

/// Asks the demo shop at this address to take products up, in this process or in another one.
///
/// # Errors
/// It does not answer, or refuses.
pub async fn offer(base_url: &str, products: &[Offered]) -> io::Result<()> {
    let host = base_url.trim_start_matches("http://").trim_end_matches('/');
    let body = serde_json::to_string(products)?;
    let mut stream = TcpStream::connect(host).await?;
    let head = format!(
        "POST /simulator/products HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(body.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    match answer.split_whitespace().nth(1) {
        Some("200") => Ok(()),
        status => Err(io::Error::other(format!("it answers {}", status.unwrap_or("nothing")))),
    }
}
