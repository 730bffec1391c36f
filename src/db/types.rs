//! Storing the types of the domain: enums and ids are stored as text. All conversions to and from SQL are in this module.

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, Queryable};
use diesel::expression::AsExpression;
use diesel::internal::derives::as_expression::Bound;
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::{Nullable, Text};

use crate::domain::{Id, StringEnum};

/// Stores a type as text, using its `as_str` and `parse`. Diesel's derives would have to be on the types, but the domain must
/// not depend on Diesel.
macro_rules! stored_as_text {
    ([$($generic:ident)?] $name:ty) => {
        impl<$($generic,)? DB: Backend> ToSql<Text, DB> for $name
        where
            str: ToSql<Text, DB>,
        {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
                self.as_str().to_sql(out)
            }
        }

        impl<$($generic,)? DB: Backend> ToSql<Nullable<Text>, DB> for $name
        where
            str: ToSql<Text, DB>,
        {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
                self.as_str().to_sql(out)
            }
        }

        impl<$($generic,)? DB: Backend> FromSql<Text, DB> for $name
        where
            String: FromSql<Text, DB>,
        {
            fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
                let text = String::from_sql(bytes)?;
                Self::parse(&text).ok_or_else(|| format!("unexpected {text:?} in the database").into())
            }
        }

        impl<$($generic,)? DB: Backend> Queryable<Text, DB> for $name
        where
            Self: FromSql<Text, DB>,
        {
            type Row = Self;

            fn build(row: Self) -> deserialize::Result<Self> {
                Ok(row)
            }
        }

        impl<$($generic)?> AsExpression<Text> for $name {
            type Expression = Bound<Text, Self>;

            fn as_expression(self) -> Self::Expression {
                Bound::new(self)
            }
        }

        impl<$($generic)?> AsExpression<Nullable<Text>> for $name {
            type Expression = Bound<Nullable<Text>, Self>;

            fn as_expression(self) -> Self::Expression {
                Bound::new(self)
            }
        }

        impl<'a, $($generic)?> AsExpression<Text> for &'a $name {
            type Expression = Bound<Text, Self>;

            fn as_expression(self) -> Self::Expression {
                Bound::new(self)
            }
        }

        impl<'a, $($generic)?> AsExpression<Nullable<Text>> for &'a $name {
            type Expression = Bound<Nullable<Text>, Self>;

            fn as_expression(self) -> Self::Expression {
                Bound::new(self)
            }
        }
    };
}

stored_as_text!([T] Id<T>);
stored_as_text!([] crate::domain::ending::EndingKind);
stored_as_text!([] crate::domain::agreement::AgreementKind);
stored_as_text!([] crate::domain::agreement::AgreementRole);
stored_as_text!([] crate::domain::agreement::RelationKind);
stored_as_text!([] crate::domain::assessment::Confidence);
stored_as_text!([] crate::domain::assessment::Momentum);
stored_as_text!([] crate::domain::caveat::CaveatKind);
stored_as_text!([] crate::domain::caveat::CaveatLinkKind);
stored_as_text!([] crate::domain::clause::ClauseNature);
stored_as_text!([] crate::domain::clause::ObligationRole);
stored_as_text!([] crate::domain::criterion::CriterionStatus);
stored_as_text!([] crate::domain::deadline::CalendarPeriod);
stored_as_text!([] crate::domain::deadline::DeadlinePhase);
stored_as_text!([] crate::domain::event::EventKind);
stored_as_text!([] crate::domain::party::PartyKind);
stored_as_text!([] crate::domain::precondition::PreconditionKind);
stored_as_text!([] crate::domain::precondition::PreconditionNeed);
stored_as_text!([] crate::domain::proposal::ProposalStanding);
stored_as_text!([] crate::domain::search::SearchKind);
stored_as_text!([] crate::domain::source::SourceKind);
stored_as_text!([] crate::domain::status::AssessableKind);
stored_as_text!([] crate::domain::status::ClauseStatus);
stored_as_text!([] crate::domain::submission::SubmissionState);
stored_as_text!([] crate::domain::viewer::Role);
stored_as_text!([] crate::domain::webhook::WebhookFormat);
stored_as_text!([] crate::domain::Kind);
stored_as_text!([] crate::domain::ValueKind);
stored_as_text!([] super::change::Action);
stored_as_text!([] super::deadline::BasisKind);
