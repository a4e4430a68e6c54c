"""SCIM filters and sort keys as SQL. The library parses and checks them (RFC 7644 §3.4.2.2); here they become conditions.

Its own evaluator, ``ScimFilter.match``, says what a filter means: the tests hold the two to the same answers.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from inspect import isclass
from operator import and_, or_
from typing import Any

from django.db.models import BooleanField, Exists, F, OrderBy, Q, QuerySet, Subquery, Value
from django.db.models.functions import Lower
from django.db.models.lookups import (
    Contains,
    EndsWith,
    Exact,
    GreaterThan,
    GreaterThanOrEqual,
    IsNull,
    LessThan,
    LessThanOrEqual,
    StartsWith,
)
from scim2_models import InvalidFilterException, InvalidPathException, ScimFilter, SearchRequest
from scim2_models.path import (
    STRING_OPERATORS,
    AttributeBinding,
    AttrPath,
    CompareOperator,
    Comparison,
    FilterVisitor,
    LogicalExpr,
    LogicalOperator,
    Not,
    Present,
    ValuePath,
)

LOOKUPS: dict[CompareOperator, Any] = {
    CompareOperator.eq: Exact,
    CompareOperator.co: Contains,
    CompareOperator.sw: StartsWith,
    CompareOperator.ew: EndsWith,
    CompareOperator.gt: GreaterThan,
    CompareOperator.ge: GreaterThanOrEqual,
    CompareOperator.lt: LessThan,
    CompareOperator.le: LessThanOrEqual,
}
NOTHING = Q(Value(False, BooleanField()))
Sql = Any  # an expression


@dataclass(frozen=True)
class Values:
    """Where the values of an attribute that has several are: rows, and what each sub-attribute is in a row."""

    rows: Callable[[], QuerySet[Any]]
    columns: Mapping[str, Sql]
    order: tuple[str, ...]


@dataclass(frozen=True)
class Columns:
    """Where the attributes of a resource type are, by their names (``name.familyName``; an extension's with its URN)."""

    model: Any
    single: Mapping[str, Sql]
    several: Mapping[str, Values]

    def name_of(self, binding: AttributeBinding) -> str:
        """The attribute's name, without the core schema's URN."""
        return binding.urn.removeprefix(f"{self.model.__schema__}:")


def condition(*, scim_filter: ScimFilter[Any], columns: Columns) -> Q:
    """``scim_filter`` as a condition on the rows ``columns`` describes."""
    return _Translator(_bound(columns.model, str(scim_filter)), columns).visit(scim_filter.ast)


def ordering(*, search: SearchRequest[Any], columns: Columns) -> list[OrderBy]:
    """``sortBy`` as an ORDER BY: who has no value comes last, first when descending; then by ``pk``."""
    binding = search.sort_binding(columns.model)
    if search.sort_by is not None and binding is None:
        raise InvalidPathException(detail=f"{search.sort_by}: this attribute cannot be sorted by")
    if binding is None:
        return [F("pk").asc()]
    sql = _sortable(binding, columns)
    if is_text(binding.target_type) and not binding.case_exact:
        sql = Lower(sql)
    descending = search.sort_order == SearchRequest.SortOrder.descending
    return [sql.desc(nulls_first=True) if descending else sql.asc(nulls_last=True), F("pk").asc()]


def _sortable(binding: AttributeBinding, columns: Columns) -> Sql:
    name = columns.name_of(binding)
    if not binding.is_multivalued and name in columns.single:
        return columns.single[name]
    head, _, sub = name.rpartition(".")
    values = columns.several.get(head)
    if values is None or sub not in values.columns:
        raise InvalidPathException(detail=f"{binding.urn}: this attribute cannot be sorted by")
    return Subquery(values.rows().order_by(*values.order).values(first=values.columns[sub])[:1])


class _Logic(FilterVisitor[Q]):
    """And, or, not; what stands between them is the heirs'."""

    def visit_not(self, node: Not) -> Q:
        return ~self.visit(node.expr)

    def visit_logical_expr(self, node: LogicalExpr) -> Q:
        return reduce(and_ if node.op == LogicalOperator.and_ else or_, map(self.visit, node.terms))


class _Translator(_Logic):
    """Every condition is true or false, never NULL, so that ``not`` means what it says."""

    def __init__(self, bound: ScimFilter[Any], columns: Columns) -> None:
        self.bound, self.columns = bound, columns

    def visit_comparison(self, node: Comparison) -> Q:
        binding = self.bound.resolve_comparison(node.attr_path, strict=False)
        if binding is None:
            return NOTHING
        if not binding.is_multivalued:
            return compare(self._single(binding), node, binding)
        values, column = self._several(binding)
        if node.op == CompareOperator.ne and node.value is not None:
            return ~Q(Exists(values.rows().filter(compare(column, _with(node, CompareOperator.eq), binding))))
        if node.value is None:
            return self._null(node, Q(Exists(values.rows().filter(present(column, binding.target_type)))))
        return Q(Exists(values.rows().filter(compare(column, node, binding))))

    def visit_present(self, node: Present) -> Q:
        binding = self.bound.resolve(node.attr_path, strict=False)
        if binding is None:
            return NOTHING
        if not binding.is_multivalued:
            return self._present_single(binding)
        values = self.columns.several.get(self._head(binding))
        if values is None:
            raise _unfilterable(binding)
        rows = values.rows()
        return Q(
            Exists(
                rows.filter(present(self._several(binding)[1], binding.target_type)) if binding.sub_field_name else rows
            )
        )

    def visit_value_path(self, node: ValuePath) -> Q:
        binding = self.bound.resolve(node.attr_path, strict=False)
        if binding is None:
            return NOTHING
        values = self.columns.several.get(self._head(binding))
        if values is None:
            raise _unfilterable(binding)
        return Q(Exists(values.rows().filter(_Inside(binding, values).visit(node.val_filter))))

    def _null(self, node: Comparison, there: Q) -> Q:
        return there if node.op == CompareOperator.ne else ~there

    def _present_single(self, binding: AttributeBinding) -> Q:
        name = self.columns.name_of(binding)
        if name in self.columns.single:
            return present(self.columns.single[name], binding.target_type)
        parts = [present(sql) for key, sql in self.columns.single.items() if key.startswith(f"{name}.")]
        if not parts:
            raise _unfilterable(binding)
        return reduce(or_, parts)

    def _head(self, binding: AttributeBinding) -> str:
        name = self.columns.name_of(binding)
        return name.rpartition(".")[0] if binding.sub_field_name else name

    def _single(self, binding: AttributeBinding) -> Sql:
        try:
            return self.columns.single[self.columns.name_of(binding)]
        except KeyError:
            raise _unfilterable(binding) from None

    def _several(self, binding: AttributeBinding) -> tuple[Values, Sql]:
        name = self.columns.name_of(binding)
        values = self.columns.several.get(self._head(binding))
        sub = name.rpartition(".")[2] if binding.sub_field_name else "value"
        if values is None or sub not in values.columns:
            raise _unfilterable(binding)
        return values, values.columns[sub]


class _Inside(_Logic):
    """What stands between brackets: the sub-attributes of one value."""

    def __init__(self, head: AttributeBinding, values: Values) -> None:
        self.head, self.values = head, values

    def _binding(self, path: AttrPath) -> AttributeBinding | None:
        whole = _bound(self.head.model, f"{self.head.urn}.{path.attr} pr")
        return whole.resolve(whole.ast.attr_path, strict=False)  # type: ignore[attr-defined]

    def visit_comparison(self, node: Comparison) -> Q:
        binding = self._binding(node.attr_path)
        return NOTHING if binding is None else compare(self._column(binding), node, binding)

    def visit_present(self, node: Present) -> Q:
        binding = self._binding(node.attr_path)
        return NOTHING if binding is None else present(self._column(binding), binding.target_type)

    def visit_value_path(self, node: ValuePath) -> Q:
        raise InvalidFilterException(detail=f"{node}: brackets inside brackets")

    def _column(self, binding: AttributeBinding) -> Sql:
        sub = binding.urn.rpartition(".")[2]
        if sub not in self.values.columns:
            raise _unfilterable(binding)
        return self.values.columns[sub]


def _bound(model: Any, text: str) -> ScimFilter[Any]:
    kind: Any = ScimFilter  # generic in a model that is only known here
    bound: ScimFilter[Any] = kind[model](text)
    return bound


def _with(node: Comparison, op: CompareOperator) -> Comparison:
    return Comparison(node.attr_path, op, node.value)


def _unfilterable(binding: AttributeBinding) -> InvalidFilterException:
    return InvalidFilterException(detail=f"{binding.urn}: this attribute cannot be searched")


def present(sql: Sql, kind: Any = str) -> Q:
    """``pr``: neither missing nor an empty text."""
    there = Q(IsNull(sql, False))
    return there & ~Q(Exact(sql, Value(""))) if is_text(kind) else there


def is_text(kind: Any) -> bool:
    return isclass(kind) and issubclass(kind, str)


def compare(sql: Sql, node: Comparison, binding: AttributeBinding) -> Q:
    if node.value is None:
        return present_or_null(sql, node)
    if node.op == CompareOperator.ne:
        return ~compare(sql, _with(node, CompareOperator.eq), binding)
    if node.op in STRING_OPERATORS and not is_text(binding.target_type):
        return NOTHING
    value = _operand(node, binding)
    if isinstance(value, str) and not binding.case_exact:
        sql = Lower(sql)
    return Q(IsNull(sql, False)) & Q(LOOKUPS[node.op](sql, Value(value)))


def present_or_null(sql: Sql, node: Comparison) -> Q:
    """``eq null`` and ``ne null``; nothing else compares with null."""
    if node.op not in {CompareOperator.eq, CompareOperator.ne}:
        return NOTHING
    return Q(IsNull(sql, node.op == CompareOperator.eq))


def _operand(node: Comparison, binding: AttributeBinding) -> Any:
    """The value as the column holds it; the library has checked that it is one."""
    if binding.target_type is dt.datetime:
        moment = dt.datetime.fromisoformat(str(node.value).replace("Z", "+00:00"))
        return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    return binding.comparable(node.value)
