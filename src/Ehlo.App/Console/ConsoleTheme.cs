using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using MudBlazor;

namespace Ehlo.App.Console;

/// <summary>
/// The colours and letters of the console, as a style sheet with both palettes. It is a file like any other, so the page needs no inline
/// style, and the right palette is there before the first paint: console.js names it at the root of the document.
/// </summary>
internal static partial class ConsoleTheme
{
    /// <summary>Where it is served.</summary>
    public const string Path = "assets/theme.css";

    private static readonly string[] Letters = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "Liberation Sans", "sans-serif"];

    private static readonly PaletteLight Light = new()
    {
        Primary = "#2f5bd3",
        Secondary = "#5b6472",
        Tertiary = "#0f7b6c",
        Info = "#2f5bd3",
        Success = "#1b7a3d",
        Warning = "#9a5b00",
        Error = "#b3261e",
        Background = "#f6f7f9",
        Surface = "#ffffff",
        AppbarBackground = "#ffffff",
        AppbarText = "#1b1f27",
        DrawerBackground = "#f6f7f9",
        DrawerText = "#1b1f27",
        DrawerIcon = "#5b6472",
        TextPrimary = "#1b1f27",
        TextSecondary = "#5b6472",
        TextDisabled = "#8a92a0",
        ActionDefault = "#5b6472",
        ActionDisabled = "#b4bac4",
        LinesDefault = "#e2e5ea",
        LinesInputs = "#b4bac4",
        TableLines = "#e2e5ea",
        Divider = "#e2e5ea",
    };

    private static readonly PaletteDark Dark = new()
    {
        Primary = "#8fb0ff",
        PrimaryContrastText = "#10131a",
        Secondary = "#a3abb8",
        Tertiary = "#6fd0c0",
        Info = "#8fb0ff",
        Success = "#7fd49a",
        Warning = "#f0bd6a",
        Error = "#ff8a80",
        ErrorContrastText = "#10131a",
        Background = "#14171c",
        Surface = "#1c2027",
        AppbarBackground = "#1c2027",
        AppbarText = "#e6e9ee",
        DrawerBackground = "#14171c",
        DrawerText = "#e6e9ee",
        DrawerIcon = "#a3abb8",
        TextPrimary = "#e6e9ee",
        TextSecondary = "#a3abb8",
        TextDisabled = "#6d7685",
        ActionDefault = "#a3abb8",
        ActionDisabled = "#4a5260",
        LinesDefault = "#2c323c",
        LinesInputs = "#4a5260",
        TableLines = "#2c323c",
        Divider = "#2c323c",
    };

    public static byte[] StyleSheet(IServiceProvider services) => Encoding.UTF8.GetBytes(
        Render(services, Theme(":root"), isDark: false) + Render(services, Theme(":root[data-theme=dark]"), isDark: true));

    private static MudTheme Theme(string scope) => new()
    {
        PseudoCss = new PseudoCss { Scope = scope },
        PaletteLight = Light,
        PaletteDark = Dark,
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "8px" },
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = Letters, FontSize = "0.9375rem", LetterSpacing = "normal" },
            Body1 = new Body1Typography { FontFamily = Letters, FontSize = "0.9375rem", LetterSpacing = "normal" },
            Body2 = new Body2Typography { FontFamily = Letters, FontSize = "0.875rem", LetterSpacing = "normal" },
            Button = new ButtonTypography { FontFamily = Letters, FontSize = "0.875rem", LetterSpacing = "normal", TextTransform = "none" },
            H5 = new H5Typography { FontFamily = Letters, FontSize = "1.25rem", FontWeight = "600" },
            H6 = new H6Typography { FontFamily = Letters, FontSize = "1.05rem", FontWeight = "600", LetterSpacing = "normal" },
        },
    };

    /// <summary>The text of the style elements that the library would put into the page.</summary>
    private static string Render(IServiceProvider services, MudTheme theme, bool isDark)
    {
        using IServiceScope scope = services.CreateScope();
        using HtmlRenderer renderer = new(scope.ServiceProvider, NullLoggerFactory.Instance);
        ParameterView parameters = ParameterView.FromDictionary(new Dictionary<string, object?>
        {
            [nameof(MudThemeProvider.Theme)] = theme,
            [nameof(MudThemeProvider.IsDarkMode)] = isDark,
            [nameof(MudThemeProvider.DefaultScrollbar)] = true, // The browser's own; else there is a style element for it.
        });
        // Nothing in it waits, so this blocks nobody.
        string markup = renderer.Dispatcher
            .InvokeAsync(async () => (await renderer.RenderComponentAsync<MudThemeProvider>(parameters)).ToHtmlString())
            .GetAwaiter().GetResult();
        return string.Concat(StyleElement().Matches(markup).Select(element => element.Groups[1].Value));
    }

    [GeneratedRegex("<style[^>]*>(.*?)</style>", RegexOptions.Singleline)]
    private static partial Regex StyleElement();
}
