using System.Collections.Generic;

namespace Ehlo.App.Console.Components;

/// <summary>What somebody chose in a <see cref="TagDialog"/>.</summary>
public sealed record TagChange(IReadOnlyList<string> Add, IReadOnlyList<string> Remove);
