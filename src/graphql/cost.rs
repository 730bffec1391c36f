//! The field `cost`: the estimated size of the operation's own response.

use super::engine::call::Call;
use super::engine::leaf::saturating_int;
use super::engine::link::each;
use super::engine::reader::{call, value};
use super::engine::schema::Object;

/// The estimate for an operation, with the limits.
struct Cost {
    nodes: u64,
    max_nodes: u64,
    fields: u64,
    max_fields: u64,
}

pub fn objects() -> Vec<Object> {
    vec![
        Object::new("Cost", "Estimated size of the response to this operation, computed before execution. The page sizes (`first` or `last`, default 50) of nested lists are multiplied. A list without pages counts as 10 items, except `topicTreatments`, which counts as 250. The server rejects operations that exceed a limit.")
            .field("nodes", "Estimated number of nodes. Nodes are the objects in lists.", value(|cost: &Cost| saturating_int(cost.nodes)))
            .field("maxNodes", "Maximum allowed number of nodes.", value(|cost: &Cost| saturating_int(cost.max_nodes)))
            .field("fields", "Estimated number of fields. Each selected field counts once for each object on which it is selected. A field that is selected several times counts each time.", value(|cost: &Cost| saturating_int(cost.fields)))
            .field("maxFields", "Maximum allowed number of fields.", value(|cost: &Cost| saturating_int(cost.max_fields))),
    ]
}

pub fn queries(query: Object) -> Object {
    query.field(
        "cost",
        "Estimated size of the response to this operation, with the limits.",
        call("Cost", |call: &mut Call<'_, '_>| {
            let (estimate, limits) = (call.context.estimate, call.context.limits);
            let cost = Cost {
                nodes: estimate.nodes,
                max_nodes: limits.max_nodes,
                fields: estimate.fields,
                max_fields: limits.max_fields,
            };
            Ok(each("Cost", vec![cost]))
        }),
    )
}
