//! Refuses models that keep weights in other files.
//!
//! Such a file would be read without its hash being checked, from wherever the model says. The messages below
//! hold only the fields of `onnx.proto` that lead to a tensor; the decoder skips all others without copying them.

use std::path::Path;

use prost::Message;

use crate::error::{Error, Result};

const EXTERNAL: i32 = 1;

#[derive(Clone, PartialEq, Message)]
struct ModelProto {
    #[prost(message, optional, tag = "7")]
    graph: Option<GraphProto>,
    #[prost(message, repeated, tag = "25")]
    functions: Vec<FunctionProto>,
}

#[derive(Clone, PartialEq, Message)]
struct FunctionProto {
    #[prost(message, repeated, tag = "7")]
    node: Vec<NodeProto>,
}

#[derive(Clone, PartialEq, Message)]
struct GraphProto {
    #[prost(message, repeated, tag = "1")]
    node: Vec<NodeProto>,
    #[prost(message, repeated, tag = "5")]
    initializer: Vec<TensorProto>,
    #[prost(message, repeated, tag = "15")]
    sparse_initializer: Vec<SparseTensorProto>,
}

#[derive(Clone, PartialEq, Message)]
struct NodeProto {
    #[prost(message, repeated, tag = "5")]
    attribute: Vec<AttributeProto>,
}

#[derive(Clone, PartialEq, Message)]
struct AttributeProto {
    #[prost(message, optional, tag = "5")]
    t: Option<TensorProto>,
    #[prost(message, optional, tag = "6")]
    g: Option<GraphProto>,
    #[prost(message, repeated, tag = "10")]
    tensors: Vec<TensorProto>,
    #[prost(message, repeated, tag = "11")]
    graphs: Vec<GraphProto>,
    #[prost(message, optional, tag = "22")]
    sparse_tensor: Option<SparseTensorProto>,
    #[prost(message, repeated, tag = "23")]
    sparse_tensors: Vec<SparseTensorProto>,
}

#[derive(Clone, PartialEq, Message)]
struct SparseTensorProto {
    #[prost(message, optional, tag = "1")]
    values: Option<TensorProto>,
    #[prost(message, optional, tag = "2")]
    indices: Option<TensorProto>,
}

#[derive(Clone, PartialEq, Message)]
struct TensorProto {
    #[prost(string, tag = "8")]
    name: String,
    #[prost(message, repeated, tag = "13")]
    external_data: Vec<StringStringEntryProto>,
    #[prost(int32, tag = "14")]
    data_location: i32,
}

#[derive(Clone, PartialEq, Message)]
struct StringStringEntryProto {}

/// Fails if any tensor of the model, however deeply nested, lies outside `model`'s own bytes.
///
/// # Errors
/// [`Error::ExternalData`] naming the first such tensor; [`Error::Model`] when `model` is not an ONNX file.
pub(crate) fn refuse(model: &[u8], path: &Path) -> Result<()> {
    let decoded = ModelProto::decode(model)
        .map_err(|error| Error::Model { path: path.to_path_buf(), reason: format!("not an ONNX file ({error})") })?;
    let in_functions = decoded.functions.iter().flat_map(|function| &function.node).find_map(in_node);
    match decoded.graph.as_ref().and_then(in_graph).or(in_functions) {
        Some(tensor) => Err(Error::ExternalData { path: path.to_path_buf(), tensor: tensor.name.clone() }),
        None => Ok(()),
    }
}

fn in_graph(graph: &GraphProto) -> Option<&TensorProto> {
    let sparse = graph.sparse_initializer.iter().find_map(in_sparse);
    graph.initializer.iter().find_map(is_external).or(sparse).or_else(|| graph.node.iter().find_map(in_node))
}

fn in_node(node: &NodeProto) -> Option<&TensorProto> {
    node.attribute.iter().find_map(|attribute| {
        let tensors = attribute.t.iter().chain(&attribute.tensors).find_map(is_external);
        let sparse = attribute.sparse_tensor.iter().chain(&attribute.sparse_tensors).find_map(in_sparse);
        tensors.or(sparse).or_else(|| attribute.g.iter().chain(&attribute.graphs).find_map(in_graph))
    })
}

fn in_sparse(sparse: &SparseTensorProto) -> Option<&TensorProto> {
    sparse.values.iter().chain(&sparse.indices).find_map(is_external)
}

fn is_external(tensor: &TensorProto) -> Option<&TensorProto> {
    (tensor.data_location == EXTERNAL || !tensor.external_data.is_empty()).then_some(tensor)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outside() -> TensorProto {
        TensorProto { name: "weights".to_owned(), external_data: vec![], data_location: EXTERNAL }
    }

    fn refused(graph: GraphProto) -> bool {
        let model = ModelProto { graph: Some(graph), functions: vec![] };
        let result = refuse(&model.encode_to_vec(), Path::new("model.onnx"));
        matches!(result, Err(Error::ExternalData { tensor, .. }) if tensor == "weights")
    }

    #[test]
    fn an_external_initializer_is_refused() {
        assert!(refused(GraphProto { initializer: vec![outside()], ..GraphProto::default() }));
    }

    #[test]
    fn an_external_tensor_inside_a_nested_graph_is_refused() {
        let inner = GraphProto { initializer: vec![outside()], ..GraphProto::default() };
        let attribute = AttributeProto { g: Some(inner), ..AttributeProto::default() };
        let node = NodeProto { attribute: vec![attribute] };
        assert!(refused(GraphProto { node: vec![node], ..GraphProto::default() }));
    }

    #[test]
    fn a_model_with_its_weights_inside_is_accepted() {
        let tensor = TensorProto { name: "weights".to_owned(), ..TensorProto::default() };
        assert!(!refused(GraphProto { initializer: vec![tensor], ..GraphProto::default() }));
    }

    #[test]
    fn bytes_that_are_not_a_model_are_named_as_such() {
        let result = refuse(b"<html>not a model</html>", Path::new("model.onnx"));
        assert!(matches!(result, Err(Error::Model { .. })));
    }
}
