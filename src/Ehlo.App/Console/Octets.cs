using System.Globalization;

namespace Ehlo.App.Console;

/// <summary>Sizes as people read them, in the units of the search: K, M and G of 1024.</summary>
internal static class Octets
{
    private static readonly string[] Units = ["KB", "MB", "GB", "TB"];

    public static string Text(long octets)
    {
        if (octets < 1024)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{octets} B");
        }
        double number = octets;
        int unit = -1;
        do
        {
            number /= 1024;
            unit++;
        }
        while (number >= 1023.5 && unit < Units.Length - 1); // Which would be shown as 1024.
        return $"{number.ToString(number < 99.95 ? "0.#" : "0", CultureInfo.InvariantCulture)} {Units[unit]}";
    }
}
