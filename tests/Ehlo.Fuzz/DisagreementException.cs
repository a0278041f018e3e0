using System;

namespace Ehlo.Fuzz;

/// <summary>The reader and its oracle say different things of the same octets.</summary>
internal sealed class DisagreementException(string message) : Exception(message);
