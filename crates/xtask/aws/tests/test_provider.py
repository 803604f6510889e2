"""The schema of a provider keeps what the tests use."""

import unittest

from provider.schema import cut


def field(number, value):
    assert len(value) < 0x80
    return bytes([number << 3 | 2, len(value)]) + value


def entry(number, name):
    return field(number, field(1, name) + field(2, b"a schema"))


class TestSchema(unittest.TestCase):
    def test_types_that_are_not_used_are_left_out(self):
        provider, capabilities = field(1, b"provider"), field(6, b"capabilities")
        used = [entry(2, b"aws_ecr_repository"), entry(3, b"aws_iam_policy_document")]
        unused = [entry(2, b"aws_instance"), entry(3, b"aws_ami"), entry(8, b"aws_lambda_invocation")]
        # A function is no type.
        function = entry(7, b"arn_parse")
        response = b"".join([provider, *used, *unused, capabilities, function])
        self.assertEqual(cut(response), b"".join([provider, *used, capabilities, function]))

    def test_a_long_field_is_read(self):
        name = b"aws_ecr_" + b"x" * 300
        key = b"\x0a" + bytes([len(name) & 0x7F | 0x80, len(name) >> 7]) + name
        long = b"\x12" + bytes([len(key) & 0x7F | 0x80, len(key) >> 7]) + key
        self.assertEqual(cut(long), long)

    def test_another_wire_type_is_an_error(self):
        with self.assertRaisesRegex(ValueError, "wire type 0"):
            cut(b"\x08\x01")


if __name__ == "__main__":
    unittest.main()
