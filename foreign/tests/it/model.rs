//! ONNX models, written here number by number: known answers, and each refusal.

use prost::Message;
use tract_onnx::pb::type_proto::{Tensor, Value};
use tract_onnx::pb::{
    GraphProto, ModelProto, NodeProto, OperatorSetIdProto, TensorProto, TensorShapeProto, TypeProto,
    ValueInfoProto, tensor_shape_proto::Dimension, tensor_shape_proto::dimension::Value as Size,
};
use trier_foreign::{CHANNELS, Incidents, KNOWN, Spec};
use trier_tables::rows::PredictionRow;

use crate::support::{asked, at, faults, roast};

const SECONDS: usize = 60;

fn tensor_info(name: &str, sizes: &[i64]) -> ValueInfoProto {
    let dim = |size: &i64| Dimension { value: Some(Size::DimValue(*size)), ..Dimension::default() };
    let shape = TensorShapeProto { dim: sizes.iter().map(dim).collect() };
    let tensor = Tensor { elem_type: 1, shape: Some(shape) };
    let kind = TypeProto { value: Some(Value::TensorType(tensor)), ..TypeProto::default() };
    ValueInfoProto { name: name.to_owned(), r#type: Some(kind), ..ValueInfoProto::default() }
}

fn numbers(name: &str, sizes: &[i64], numbers: Vec<f32>) -> TensorProto {
    TensorProto {
        name: name.to_owned(),
        dims: sizes.to_vec(),
        data_type: 1,
        float_data: numbers,
        ..TensorProto::default()
    }
}

fn node(op: &str, inputs: &[&str], output: &str) -> NodeProto {
    NodeProto {
        op_type: op.to_owned(),
        name: output.to_owned(),
        input: inputs.iter().map(|name| (*name).to_owned()).collect(),
        output: vec![output.to_owned()],
        ..NodeProto::default()
    }
}

/// `outputs` numbers, each 5 s for each degree that BT now is short of 196 °C, times its factor: right for 0.2 °C/s.
fn linear(factors: &[f32], output: &[i64]) -> ModelProto {
    let (inputs, outputs) = (SECONDS * CHANNELS.len(), factors.len());
    let mut weights = vec![0.0; inputs * outputs];
    let newest_bt = (SECONDS - 1) * CHANNELS.len();
    for (at, factor) in factors.iter().enumerate() {
        weights[newest_bt * outputs + at] = -5.0 * factor;
    }
    let bias = factors.iter().map(|factor| 980.0 * factor).collect();
    let (inputs, outputs) = (inputs as i64, outputs as i64);
    let shape = TensorProto {
        name: "shape".to_owned(),
        dims: vec![output.len() as i64],
        data_type: 7,
        int64_data: output.to_vec(),
        ..TensorProto::default()
    };
    let graph = GraphProto {
        name: "linear".to_owned(),
        node: vec![
            node("Flatten", &["curve"], "flat"),
            node("Gemm", &["flat", "weights", "bias"], "row"),
            node("Reshape", &["row", "shape"], "seconds"),
        ],
        initializer: vec![
            numbers("weights", &[inputs, outputs], weights),
            numbers("bias", &[outputs], bias),
            shape,
        ],
        input: vec![tensor_info("curve", &[1, SECONDS as i64, CHANNELS.len() as i64])],
        output: vec![tensor_info("seconds", output)],
        ..GraphProto::default()
    };
    model(graph)
}

fn model(graph: GraphProto) -> ModelProto {
    ModelProto {
        ir_version: 8,
        model_version: 4,
        doc_string: "a line that everyone knows".to_owned(),
        opset_import: vec![OperatorSetIdProto { version: 13, ..OperatorSetIdProto::default() }],
        graph: Some(graph),
        ..ModelProto::default()
    }
}

/// The model in a file; what comes of a roast with it, and faults by code; or why it is refused.
fn rows_of(bytes: &[u8]) -> Result<(Vec<PredictionRow>, Vec<(&'static str, u64)>), String> {
    let place = tempfile::tempdir().expect("a folder");
    let path = place.path().join("model.onnx");
    std::fs::write(&path, bytes).expect("writable");
    let spec = Spec::parse(&format!("net=onnx:{}", path.display())).expect("an argument");
    let incidents = Incidents::default();
    let opened = spec.open(&incidents).map_err(|error| error.to_string())?;
    let rows = asked(&opened, &roast(0.0));
    Ok((rows, faults(&incidents)))
}

fn good(model: &ModelProto) -> Vec<PredictionRow> {
    let (rows, faults) = rows_of(&model.encode_to_vec()).expect("it is good");
    assert_eq!((rows.len(), faults), (280 + 330, vec![]));
    rows
}

fn refused(model: &ModelProto) -> String {
    rows_of(&model.encode_to_vec()).err().expect("it is refused")
}

#[test]
fn a_line_has_known_answers() {
    let rows = good(&linear(&[1.0], &[1, 1]));
    // 170 °C at 460 s, 26 °C short at 0.2 °C/s; numbers of 32 bits are good to a ten-thousandth here.
    let row = at(&rows, 460.0);
    assert!((row.p50_s.expect("answered") - 130.0).abs() < 1e-3, "{row:?}");
    assert_eq!((row.version, row.p05_s, row.used_until_s), (4, None, Some(460.0)));
    assert_eq!(&*row.reasons, "the last 60 s of the curve, as the model takes them");
    // The grid and its rise are 89 s.
    let code = |t_s| at(&rows, t_s).abstain.as_deref();
    assert_eq!((code(88.0), code(90.0)), (Some("too_early"), None));
    assert!(rows.iter().filter(|r| &*r.target == "drop").all(|r| r.abstain.as_deref() == Some("declined")));
}

#[test]
fn two_targets_have_seven_quantiles_each() {
    let crack = [0.5, 0.6, 0.8, 1.0, 1.2, 1.4, 1.5];
    let both: Vec<f32> = crack.iter().chain(&crack.map(|f| 2.0 * f)).copied().collect();
    let rows = good(&linear(&both, &[1, 2, 7]));
    let drop = rows.iter().find(|row| &*row.target == "drop" && row.since_charge_s > 459.0).expect("asked");
    let said = [drop.p05_s, drop.p10_s, drop.p25_s, drop.p50_s, drop.p75_s, drop.p90_s, drop.p95_s];
    for (said, factor) in said.iter().zip(crack) {
        let want = 2.0 * 130.0 * f64::from(factor);
        assert!((said.expect("stated") - want).abs() < 1e-2, "{said:?}, not {want}");
    }
}

#[test]
fn what_is_known_is_a_second_input() {
    let mut with = linear(&[1.0], &[1, 1]);
    let graph = with.graph.as_mut().expect("a graph");
    // The machine's usual first-crack BT alone: 190 as a number of seconds.
    graph.input.push(tensor_info("known", &[1, KNOWN.len() as i64]));
    graph.initializer.push(numbers("pick", &[KNOWN.len() as i64, 1], vec![0.0, 1.0, 0.0, 0.0, 0.0]));
    graph.initializer.push(numbers("none", &[1], vec![0.0]));
    graph.node.push(node("Mul", &["seconds", "none"], "nothing"));
    graph.node.push(node("MatMul", &["known", "pick"], "picked"));
    graph.node.push(node("Add", &["nothing", "picked"], "sum"));
    graph.output = vec![tensor_info("sum", &[1, 1])];
    let rows = good(&with);
    let row = at(&rows, 460.0);
    assert_eq!((row.p50_s, row.used_roasts), (Some(190.0), Some(1)));
}

#[test]
fn numbers_that_are_no_forecast_are_refused_one_by_one() {
    let code = |model: &ModelProto, t_s| at(&good(model), t_s).abstain.as_deref().map(str::to_owned);
    // Aimed at 166 °C, which is there at 440 s: after that its line is below zero.
    let mut low = linear(&[1.0], &[1, 1]);
    low.graph.as_mut().expect("a graph").initializer[1].float_data = vec![830.0];
    assert_eq!(code(&low, 430.0), None);
    assert_eq!(code(&low, 444.0).as_deref(), Some("bad_output"));
    // The root of what is below zero is not a number.
    let graph = low.graph.as_mut().expect("a graph");
    graph.node.push(node("Sqrt", &["seconds"], "root"));
    graph.output = vec![tensor_info("root", &[1, 1])];
    assert_eq!(code(&low, 430.0), None);
    assert_eq!(code(&low, 444.0).as_deref(), Some("bad_output"));
    let crossed = linear(&[1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4], &[1, 7]);
    assert_eq!(code(&crossed, 460.0).as_deref(), Some("bad_output"));
}

#[test]
fn a_model_of_another_shape_is_refused_when_it_is_loaded() {
    assert!(refused(&linear(&[1.0, 1.0, 1.0], &[1, 3])).contains("it gives [1, 3], and must give [1, 1]"));
    let mut input = linear(&[1.0], &[1, 1]);
    input.graph.as_mut().expect("a graph").input[0] = tensor_info("curve", &[1, 60, 4]);
    assert!(refused(&input).contains("its first input is of [1, 60, 4], and must be of [1, 10 to 900, 5]"));
    let mut none = linear(&[1.0], &[1, 1]);
    none.graph.as_mut().expect("a graph").input.clear();
    assert!(refused(&none).contains("model.onnx: "), "{}", refused(&none));
}

#[test]
fn what_cannot_be_evaluated_is_refused_when_it_is_loaded() {
    let mut unknown = linear(&[1.0], &[1, 1]);
    unknown.graph.as_mut().expect("a graph").node[1].op_type = "RoastBeans".to_owned();
    let why = refused(&unknown);
    assert!(why.contains("it cannot be evaluated here") && why.contains("RoastBeans"), "{why}");
    assert!(rows_of(b"no model at all").err().expect("refused").contains("hint: docs/predictors.md"));
    let whole = linear(&[1.0], &[1, 1]).encode_to_vec();
    assert!(rows_of(&whole[..whole.len() / 2]).is_err());
    assert!(rows_of(&[]).is_err());
    let absent = Spec::parse("net=onnx:absent.onnx").expect("an argument").open(&Incidents::default());
    assert!(absent.err().expect("no file").to_string().contains("absent.onnx: cannot be read"));
}
