using System;
using System.Collections.Generic;

namespace Ehlo.App.Configuration;

/// <summary>The configuration cannot be used; every problem found is listed, so that one start shows all there is to mend.</summary>
internal sealed class ConfigurationException(IReadOnlyList<string> problems) : Exception(string.Join(Environment.NewLine, problems))
{
    public ConfigurationException(string problem) : this([problem])
    {
    }

    public IReadOnlyList<string> Problems { get; } = problems;
}
