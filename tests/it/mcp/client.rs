//! The client of the official SDK, for one test.

use std::process::Stdio;

use rmcp::model::{CallToolRequestParams, CallToolResult};
use rmcp::service::{RunningService, ServiceError};
use rmcp::transport::StreamableHttpClientTransport;
use rmcp::transport::streamable_http_client::StreamableHttpClientTransportConfig;
use rmcp::{RoleClient, ServiceExt};
use serde_json::Value;
use tokio::process::{Child, Command};
use tokio::runtime::{Builder, Runtime};

/// A client with its connection.
pub struct ToolClient {
    runtime: Runtime,
    service: RunningService<RoleClient, ()>,
    /// The process of `clausewatch mcp`. `None` if the connection uses HTTP.
    child: Option<Child>,
}

/// The result of a tool call.
#[derive(Debug)]
pub struct Answer {
    pub is_error: bool,
    /// The text content.
    pub text: String,
    /// The structured content.
    pub content: Value,
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().expect("a runtime")
}

impl ToolClient {
    /// Connects to the server at this address.
    pub fn over_http(url: &str, token: Option<&str>) -> Self {
        Self::try_over_http(url, token).expect("the client connects")
    }

    /// Connects to the server at this address. Returns the message of the error if the server refuses.
    pub fn try_over_http(url: &str, token: Option<&str>) -> Result<Self, String> {
        let runtime = runtime();
        let config = StreamableHttpClientTransportConfig::with_uri(format!("{url}/mcp"));
        let config = match token {
            Some(token) => config.auth_header(token),
            None => config,
        };
        let service = runtime.block_on(async {
            let http = reqwest::Client::builder().no_proxy().build().expect("a client");
            ().serve(StreamableHttpClientTransport::with_client(http, config)).await
        });
        let service = service.map_err(|failure| format!("{failure:?}"))?;
        Ok(Self { runtime, service, child: None })
    }

    /// Starts `clausewatch mcp` with these options.
    pub fn over_streams(options: &[&str]) -> Self {
        let runtime = runtime();
        let (service, child) = runtime.block_on(async {
            let mut child = Command::new(env!("CARGO_BIN_EXE_clausewatch"))
                .args(["mcp", "--log", "warn"])
                .args(options)
                .env_remove("DATABASE_URL")
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .kill_on_drop(true)
                .spawn()
                .expect("the program runs");
            let (input, output) = (child.stdin.take(), child.stdout.take());
            let streams = (output.expect("a pipe"), input.expect("a pipe"));
            (().serve(streams).await.expect("the client connects"), child)
        });
        Self { runtime, service, child: Some(child) }
    }

    /// What the server said about itself.
    pub fn server(&self) -> Value {
        let info = self.service.peer().peer_info().expect("the server is initialized");
        serde_json::to_value(&*info).expect("JSON")
    }

    /// The tools.
    pub fn tools(&self) -> Vec<Value> {
        let tools = self.runtime.block_on(self.service.list_all_tools()).expect("a list");
        tools.iter().map(|tool| serde_json::to_value(tool).expect("JSON")).collect()
    }

    /// Calls a tool.
    ///
    /// # Errors
    /// The code and the message of a protocol error.
    pub fn call(&self, tool: &str, arguments: &Value) -> Result<Answer, (i32, String)> {
        let arguments = arguments.as_object().expect("arguments are an object").clone();
        let request = CallToolRequestParams::new(tool.to_owned()).with_arguments(arguments);
        match self.runtime.block_on(self.service.call_tool(request)) {
            Ok(result) => Ok(result.into()),
            Err(ServiceError::McpError(error)) => Err((error.code.0, error.message.into_owned())),
            Err(failure) => panic!("{tool}: {failure}"),
        }
    }

    /// Closes the connection. Returns whether the program then ended successfully.
    pub fn close(self) -> bool {
        let Self { runtime, service, child } = self;
        runtime.block_on(async {
            service.cancel().await.expect("the connection closes");
            match child {
                Some(mut child) => child.wait().await.expect("the program ends").success(),
                None => true,
            }
        })
    }
}

impl From<CallToolResult> for Answer {
    fn from(result: CallToolResult) -> Self {
        let texts = result.content.iter().map(|block| &block.as_text().expect("a text").text);
        Self {
            is_error: result.is_error == Some(true),
            text: texts.map(String::as_str).collect::<Vec<_>>().join("\n"),
            content: result.structured_content.unwrap_or_default(),
        }
    }
}
