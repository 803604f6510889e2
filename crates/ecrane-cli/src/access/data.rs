//! The matrix as JSON and CSV.

use std::io;

use ecrane::access::{Access, Capability, Matrix, Service};
use ecrane_core::{Style, write_json};
use serde_json::{Map, Value, json};

use super::Places;
use crate::print::{Out, csv_field};

fn access(access: &Access) -> Value {
    json!({ "access": access.as_str(), "if": access.conditions().collect::<Vec<_>>() })
}

/// An object with all principals and repositories. The entry of a principal omits repositories to
/// which it has no access.
pub(super) fn json(out: Out<'_>, matrix: &Matrix, places: &Places<'_>) -> io::Result<()> {
    let repositories: Vec<Value> = matrix
        .repositories
        .iter()
        .map(|(arn, column)| {
            json!({
                "arn": arn,
                "name": column.name,
                "place": column.place.as_ref().map(|place| places.json(place)),
            })
        })
        .collect();
    let principals: Vec<Value> = matrix
        .rows
        .iter()
        .map(|(principal, row)| {
            let cells: Vec<Value> = row
                .cells
                .iter()
                .map(|(arn, cell)| {
                    let mut object = Map::from_iter([("arn".to_owned(), json!(arn))]);
                    for capability in Capability::ALL {
                        object.insert(capability.as_str().to_owned(), access(cell.get(capability)));
                    }
                    object.into()
                })
                .collect();
            json!({
                "principal": principal,
                "construct": row.construct,
                "place": row.place.as_ref().map(|place| places.json(place)),
                "logIn": row.log_in.as_ref().map(access),
                "publicLogIn": row.public_log_in.as_ref().map(access),
                "assumedBy": row.assumed_by,
                "unknown": row.unknown,
                "repositories": cells,
            })
        })
        .collect();
    let document = json!({
        "principals": principals,
        "repositories": repositories,
        "notEvaluated": matrix.not_evaluated,
    });
    write_json(&document, out, Style::Pretty)
}

/// A row for each principal and repository.
pub(super) fn csv(out: Out<'_>, matrix: &Matrix) -> io::Result<()> {
    let mut table = ::csv::Writer::from_writer(out);
    table.write_record([
        "principal",
        "repository",
        "logIn",
        "pull",
        "push",
        "read",
        "administer",
        "conditions",
        "assumedBy",
        "unknown",
    ])?;
    for (principal, row) in &matrix.rows {
        for (arn, cell) in &row.cells {
            let log_in = row.log_in_to(Service::of(arn)).map_or("", Access::as_str);
            let mut record = vec![csv_field(principal), csv_field(arn), log_in.to_owned()];
            let mut conditions = Vec::new();
            for capability in Capability::ALL {
                let access = cell.get(capability);
                record.push(access.as_str().to_owned());
                if let Access::If(_) = access {
                    conditions.push(format!("{} {access}", capability.as_str()));
                }
            }
            for texts in [&conditions, &row.assumed_by, &row.unknown] {
                record.push(csv_field(&texts.join("; ")));
            }
            table.write_record(record)?;
        }
    }
    table.flush()
}
