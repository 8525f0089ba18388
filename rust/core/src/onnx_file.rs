//! Reading and cutting an ONNX file: the fields of `onnx.proto` that name things, and all else as bytes.
//!
//! What is not understood here is carried over as it is, so a graph that was cut loses nothing of what it keeps.

use std::collections::{HashMap, HashSet};

use prost::Message;
use prost::bytes::Bytes;

/// `TensorProto.DataType`.
const FLOAT32: i32 = 1;
const FLOAT16: i32 = 10;

#[derive(Clone, PartialEq, Message)]
pub(crate) struct ModelProto {
    #[prost(int64, tag = "1")]
    ir_version: i64,
    #[prost(message, optional, tag = "7")]
    graph: Option<GraphProto>,
    #[prost(bytes = "bytes", repeated, tag = "8")]
    opset_import: Vec<Bytes>,
    #[prost(bytes = "bytes", repeated, tag = "25")]
    functions: Vec<Bytes>,
}

#[derive(Clone, PartialEq, Message)]
struct GraphProto {
    #[prost(bytes = "bytes", repeated, tag = "1")]
    node: Vec<Bytes>,
    #[prost(string, tag = "2")]
    name: String,
    #[prost(bytes = "bytes", repeated, tag = "5")]
    initializer: Vec<Bytes>,
    #[prost(bytes = "bytes", repeated, tag = "11")]
    input: Vec<Bytes>,
    #[prost(bytes = "bytes", repeated, tag = "12")]
    output: Vec<Bytes>,
}

#[derive(Clone, PartialEq, Message)]
struct NodeProto {
    #[prost(string, repeated, tag = "1")]
    input: Vec<String>,
    #[prost(string, repeated, tag = "2")]
    output: Vec<String>,
}

#[derive(Clone, PartialEq, Message)]
struct TensorProto {
    #[prost(int64, repeated, tag = "1")]
    dims: Vec<i64>,
    #[prost(int32, tag = "2")]
    data_type: i32,
    #[prost(float, repeated, tag = "4")]
    float_data: Vec<f32>,
    #[prost(string, tag = "8")]
    name: String,
    #[prost(bytes = "bytes", tag = "9")]
    raw_data: Bytes,
}

#[derive(Clone, PartialEq, Message)]
struct ValueInfoProto {
    #[prost(string, tag = "1")]
    name: String,
    #[prost(message, optional, tag = "2")]
    value_type: Option<TypeProto>,
}

#[derive(Clone, PartialEq, Message)]
struct TypeProto {
    #[prost(message, optional, tag = "1")]
    tensor_type: Option<TensorTypeProto>,
}

#[derive(Clone, PartialEq, Message)]
struct TensorTypeProto {
    #[prost(int32, tag = "1")]
    elem_type: i32,
    #[prost(message, optional, tag = "2")]
    shape: Option<ShapeProto>,
}

#[derive(Clone, PartialEq, Message)]
struct ShapeProto {
    #[prost(message, repeated, tag = "1")]
    dim: Vec<DimensionProto>,
}

#[derive(Clone, PartialEq, Message)]
struct DimensionProto {
    #[prost(int64, optional, tag = "1")]
    dim_value: Option<i64>,
    #[prost(string, optional, tag = "2")]
    dim_param: Option<String>,
}

/// Numbers of an initializer, as they are stored.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Values {
    Float32(Vec<f32>),
    /// As bits.
    Float16(Vec<u16>),
}

impl ModelProto {
    /// Decodes a model; big tensors are not copied.
    pub(crate) fn read(model: Bytes) -> Result<Self, String> {
        Self::decode(model).map_err(|error| format!("not an ONNX file ({error})"))
    }

    fn graph(&self) -> Result<&GraphProto, String> {
        self.graph.as_ref().ok_or_else(|| "the model has no graph".to_owned())
    }

    /// The initializers by name.
    pub(crate) fn initializers(&self) -> Result<Initializers, String> {
        let tensors = self.graph()?.initializer.iter().map(|bytes| {
            let tensor = TensorProto::decode(bytes.clone()).map_err(|error| error.to_string())?;
            Ok((tensor.name.clone(), tensor))
        });
        tensors.collect::<Result<_, String>>().map(Initializers)
    }

    /// The part of the graph that leads from `inputs` (float32 `[batch, width]`) to `outputs`, as a model of its own.
    ///
    /// # Errors
    /// What the outputs also depend on, or what the file lacks.
    pub(crate) fn between(&self, inputs: &[(&str, usize)], outputs: &HashSet<&str>) -> Result<Vec<u8>, String> {
        self.part(inputs.iter().map(|(name, width)| ((*name).to_owned(), matrix_info(name, *width))).collect(), outputs)
    }

    /// The part of the graph that leads from its own inputs to `outputs`, as a model of its own.
    ///
    /// # Errors
    /// What the file lacks.
    pub(crate) fn towards(&self, outputs: &HashSet<&str>) -> Result<Vec<u8>, String> {
        let own = self.graph()?.input.iter().map(|bytes| {
            let input = ValueInfoProto::decode(bytes.clone()).map_err(|error| error.to_string())?;
            Ok((input.name, bytes.clone()))
        });
        self.part(own.collect::<Result<_, String>>()?, outputs)
    }

    /// Whether `output` is a function of `inputs` alone; nothing is cut out.
    ///
    /// # Errors
    /// What it also depends on.
    pub(crate) fn leads(&self, inputs: &HashSet<&str>, output: &str) -> Result<(), String> {
        self.way(inputs, &HashSet::from([output])).map(|_| ())
    }

    /// Where the nodes and the constants are that lie between `inputs` and `outputs`.
    fn way(&self, inputs: &HashSet<&str>, outputs: &HashSet<&str>) -> Result<[HashSet<usize>; 2], String> {
        let graph = self.graph()?;
        let nodes = decoded(&graph.node, |node: &NodeProto| node.output.clone())?;
        let constants = decoded(&graph.initializer, |tensor: &TensorProto| vec![tensor.name.clone()])?;
        let mut wanted: Vec<String> = outputs.iter().map(|&name| name.to_owned()).collect();
        let (mut kept_nodes, mut kept_constants) = (HashSet::new(), HashSet::new());
        while let Some(name) = wanted.pop() {
            if name.is_empty() || inputs.contains(name.as_str()) {
                continue;
            }
            if let Some(&position) = nodes.get(&name) {
                if kept_nodes.insert(position) {
                    let node = NodeProto::decode(graph.node[position].clone()).map_err(|error| error.to_string())?;
                    wanted.extend(node.input);
                }
            } else if let Some(&position) = constants.get(&name) {
                kept_constants.insert(position);
            } else {
                return Err(format!("its outputs depend on `{name}`, not on the part's inputs alone"));
            }
        }
        Ok([kept_nodes, kept_constants])
    }

    fn part(&self, inputs: Vec<(String, Bytes)>, outputs: &HashSet<&str>) -> Result<Vec<u8>, String> {
        let graph = self.graph()?;
        let names = inputs.iter().map(|(name, _)| name.as_str()).collect();
        let [kept_nodes, kept_constants] = self.way(&names, outputs)?;
        let keep = |all: &[Bytes], kept: &HashSet<usize>| -> Vec<Bytes> {
            all.iter()
                .enumerate()
                .filter(|(position, _)| kept.contains(position))
                .map(|(_, each)| each.clone())
                .collect()
        };
        let declared = decoded(&graph.output, |value: &ValueInfoProto| vec![value.name.clone()])?;
        let output = |name: &&str| {
            let position = declared.get(*name).ok_or_else(|| format!("`{name}` is no output of the graph"))?;
            Ok(graph.output[*position].clone())
        };
        let head = GraphProto {
            node: keep(&graph.node, &kept_nodes),
            name: graph.name.clone(),
            initializer: keep(&graph.initializer, &kept_constants),
            input: inputs.into_iter().map(|(_, info)| info).collect(),
            output: outputs.iter().map(output).collect::<Result<_, String>>()?,
        };
        Ok(Self { graph: Some(head), ..self.clone_without_graph() }.encode_to_vec())
    }

    fn clone_without_graph(&self) -> Self {
        let Self { ir_version, opset_import, functions, .. } = self;
        Self { ir_version: *ir_version, graph: None, opset_import: opset_import.clone(), functions: functions.clone() }
    }
}

/// Where each name that `names` gives for a message is among `all`.
fn decoded<M: Message + Default>(
    all: &[Bytes],
    names: impl Fn(&M) -> Vec<String>,
) -> Result<HashMap<String, usize>, String> {
    let mut positions = HashMap::new();
    for (position, bytes) in all.iter().enumerate() {
        let message = M::decode(bytes.clone()).map_err(|error| error.to_string())?;
        positions.extend(names(&message).into_iter().map(|name| (name, position)));
    }
    Ok(positions)
}

/// Declares an input, float32 `[batch, width]`.
fn matrix_info(name: &str, width: usize) -> Bytes {
    let rows = DimensionProto { dim_value: None, dim_param: Some("batch".to_owned()) };
    let columns = DimensionProto { dim_value: i64::try_from(width).ok(), dim_param: None };
    let tensor = TensorTypeProto { elem_type: FLOAT32, shape: Some(ShapeProto { dim: vec![rows, columns] }) };
    let value_type = Some(TypeProto { tensor_type: Some(tensor) });
    Bytes::from(ValueInfoProto { name: name.to_owned(), value_type }.encode_to_vec())
}

/// The constants of a graph.
#[derive(Debug)]
pub(crate) struct Initializers(HashMap<String, TensorProto>);

impl Initializers {
    /// The numbers of `name` or, where the matrices are stored as float16, of `name.float16`; they are as many as `shape`
    /// says.
    pub(crate) fn values(&self, name: &str, shape: &[usize]) -> Result<Values, String> {
        let half = format!("{name}.float16");
        let found = self.0.get(name).or_else(|| self.0.get(&half));
        let tensor = found.ok_or_else(|| format!("the model has no weights `{name}`"))?;
        let dims: Vec<usize> = tensor.dims.iter().map(|&size| usize::try_from(size).unwrap_or(0)).collect();
        if dims != shape {
            return Err(format!("the weights `{name}` have the shape {dims:?}, not {shape:?}"));
        }
        let values = match tensor.data_type {
            FLOAT32 if tensor.raw_data.is_empty() => Values::Float32(tensor.float_data.clone()),
            FLOAT32 => Values::Float32(numbers(&tensor.raw_data, f32::from_le_bytes)),
            FLOAT16 => Values::Float16(numbers(&tensor.raw_data, u16::from_le_bytes)),
            other => return Err(format!("the weights `{name}` are of the type {other}, not float32 or float16")),
        };
        let count = match &values {
            Values::Float32(values) => values.len(),
            Values::Float16(bits) => bits.len(),
        };
        let expected: usize = shape.iter().product();
        if count == expected { Ok(values) } else { Err(format!("the weights `{name}` are {count}, not {expected}")) }
    }

    /// Rows of the matrix `name`, whose shape has two sizes.
    pub(crate) fn rows(&self, name: &str) -> Option<usize> {
        let tensor = self.0.get(name).or_else(|| self.0.get(&format!("{name}.float16")))?;
        usize::try_from(*tensor.dims.first()?).ok()
    }
}

/// Little-endian numbers of `N` bytes each.
pub(crate) fn numbers<T, const N: usize>(bytes: &[u8], from: impl Fn([u8; N]) -> T) -> Vec<T> {
    bytes.as_chunks::<N>().0.iter().map(|chunk| from(*chunk)).collect()
}
